import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import {
  containersOf,
  type Definition,
  definitionRules,
  EC2,
  FARGATE,
  isSet,
  isWindows,
  needsFargate,
  networkModeOf,
} from './definition.ts';
import { container, containerOnEc2, onEc2, onFargate } from './examples.ts';

/** Members of a container that a network interface of its own leaves no room for, as ECS's refusals call them. */
const NOT_WITH_AWSVPC = {
  hostname: 'hostname is',
  extraHosts: 'Extra hosts are',
  dnsServers: 'DNS servers are',
  dnsSearchDomains: 'DNS search domains are',
  disableNetworking: 'Disable Networking is',
} as const satisfies Partial<Record<keyof ContainerDefinition, string>>;

const WINDOWS_ON_FARGATE = /^WINDOWS_SERVER_(2019|2022|2025)_(CORE|FULL)$/;
const WINDOWS = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } as const;

function* unsupported(members: Readonly<Record<string, unknown>>): Iterable<string> {
  for (const [member, value] of Object.entries(members))
    if (isSet(value)) yield `Fargate compatible task definitions do not support ${member}`;
}

export const platformRules = [
  ...definitionRules(FARGATE, [
    {
      says: 'Fargate has the network mode awsvpc.',
      *mistakes(input) {
        if (needsFargate(input) && input.networkMode !== 'awsvpc')
          yield 'Fargate only supports network mode ‘awsvpc’.';
      },
      shownBy: [onFargate({ networkMode: 'bridge' }), onFargate({ networkMode: undefined })],
    },
    {
      says: 'Fargate runs Linux, and Windows Server 2019, 2022 and 2025.',
      *mistakes(input) {
        const family = input.runtimePlatform?.operatingSystemFamily ?? 'LINUX';
        if (needsFargate(input) && family !== 'LINUX' && !WINDOWS_ON_FARGATE.test(family))
          yield `Fargate does not support the operating system family ${family}.`;
      },
      shownBy: [
        onFargate({
          cpu: '1024',
          memory: '2048',
          runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2016_FULL' },
        }),
        onFargate({
          cpu: '1024',
          memory: '2048',
          runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_20H2_CORE' },
        }),
      ],
    },
    {
      says: 'Fargate expands ephemeral storage to 21 to 200 GiB; instances have none to expand.',
      *mistakes(input) {
        const { sizeInGiB: size } = input.ephemeralStorage ?? {};
        if (size === undefined) return;
        if (input.requiresCompatibilities && !needsFargate(input))
          yield 'Tasks using the EC2 launch type do not support EphemeralStorage.';
        if (size < 21) yield 'EphemeralStorage size should be at least 21.';
        if (size > 200) yield 'EphemeralStorage size should be at most 200.';
      },
      shownBy: [
        onFargate({ ephemeralStorage: { sizeInGiB: 20 } }),
        onFargate({ ephemeralStorage: { sizeInGiB: 201 } }),
        onEc2({ ephemeralStorage: { sizeInGiB: 100 } }),
      ],
    },
    {
      says: 'On Fargate processes are shared within the task at most, and IPC is not.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        const { pidMode, ipcMode } = input;
        if (pidMode !== undefined && pidMode !== 'task')
          yield `Tasks using the Fargate launch type do not support pidMode '${pidMode}'. The supported value for pidMode is 'task'.`;
        if (ipcMode !== undefined) yield 'Tasks using the Fargate launch type do not support ipcMode.';
      },
      shownBy: [onFargate({ pidMode: 'host' }), onFargate({ ipcMode: 'task' })],
    },
  ]),
  ...definitionRules('Amazon ECS task definition differences for Fargate', [
    {
      says: 'Fargate places tasks itself.',
      *mistakes(input) {
        if (needsFargate(input) && isSet(input.placementConstraints))
          yield 'Fargate compatible task definitions do not support constraints';
      },
      shownBy: [onFargate({ placementConstraints: [{ type: 'memberOf', expression: 'attribute:x == y' }] })],
    },
    {
      says: 'Fargate gives no container the host: privileges, devices, swap, shared memory, security options, GPUs.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const {
          privileged,
          dockerSecurityOptions,
          linuxParameters,
          resourceRequirements = [],
        } of containersOf(input)) {
          if (privileged) yield "Fargate requires that the 'privileged' setting be 'false'";
          const { devices, sharedMemorySize, maxSwap, swappiness } = linuxParameters ?? {};
          yield* unsupported({ dockerSecurityOptions, devices, sharedMemorySize, maxSwap, swappiness });
          if (resourceRequirements.some(({ type }) => type === 'GPU'))
            yield 'Tasks using the Fargate launch type do not support GPU resource requirements';
        }
      },
      shownBy: [
        container({ privileged: true }),
        container({ dockerSecurityOptions: ['no-new-privileges'] }),
        container({ linuxParameters: { devices: [{ hostPath: '/dev/sda' }] } }),
        container({ linuxParameters: { sharedMemorySize: 64 } }),
        container({ linuxParameters: { maxSwap: 0 } }),
        container({ linuxParameters: { swappiness: 60 } }),
        container({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
      ],
    },
    {
      says: 'The one capability that Fargate adds is SYS_PTRACE.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const { linuxParameters } of containersOf(input))
          for (const capability of linuxParameters?.capabilities?.add ?? [])
            if (capability !== 'SYS_PTRACE') yield `${capability} is not allowed on Fargate.`;
      },
      shownBy: [container({ linuxParameters: { capabilities: { add: ['SYS_PTRACE', 'NET_ADMIN'] } } })],
    },
  ]),
  ...definitionRules(EC2, [
    {
      says: 'With awsvpc a container has no host name, hosts, DNS or absence of network of its own.',
      *mistakes(input: Definition) {
        if (networkModeOf(input) !== 'awsvpc') return;
        for (const one of containersOf(input))
          for (const [member, words] of Object.entries(NOT_WITH_AWSVPC))
            if (isSet(one[member as keyof typeof NOT_WITH_AWSVPC]))
              // the keys of a constant
              yield `${words} not supported on container when networkMode=awsvpc.`;
      },
      shownBy: [
        container({ hostname: 'orders' }),
        container({ extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }] }),
        container({ dnsServers: ['10.0.0.2'] }),
        container({ dnsSearchDomains: ['acme.example'] }),
        container({ disableNetworking: true }),
      ],
    },
    {
      says: 'A DNS search domain has letters, digits, hyphens and periods.',
      *mistakes(input) {
        for (const domain of containersOf(input).flatMap(({ dnsSearchDomains = [] }) => dnsSearchDomains))
          if (!/^[a-zA-Z0-9-.]{0,253}[a-zA-Z0-9]$/.test(domain))
            yield `DNS search domain ${domain} contains invalid characters, does not match pattern ^[a-zA-Z0-9-.]{0,253}[a-zA-Z0-9]$`;
      },
      shownBy: [containerOnEc2({ dnsSearchDomains: ['acme.example.'] })],
    },
    {
      says: 'Windows runs on X86_64, and knows no namespaces of processes and of IPC.',
      *mistakes(input) {
        if (!isWindows(input)) return;
        if (input.runtimePlatform?.cpuArchitecture === 'ARM64')
          yield `The CPU architecture ARM64 is not supported for the operating system family ${input.runtimePlatform.operatingSystemFamily}.`;
        if ((input.pidMode ?? input.ipcMode) !== undefined)
          yield 'pidMode and ipcMode are not supported for Windows containers.';
      },
      shownBy: [
        onEc2({ runtimePlatform: { ...WINDOWS, cpuArchitecture: 'ARM64' } }),
        onEc2({ runtimePlatform: WINDOWS, pidMode: 'task' }),
      ],
    },
    {
      says: 'Inference accelerators are no more.',
      *mistakes({ inferenceAccelerators }) {
        if (isSet(inferenceAccelerators)) yield "Unsupported field 'inferenceAccelerators'";
      },
      shownBy: [onEc2({ inferenceAccelerators: [{ deviceName: 'device', deviceType: 'eia1.medium' }] })],
    },
    {
      says: 'A task has at most 10 placement constraints, each with an expression of up to 2,000 characters.',
      *mistakes({ placementConstraints = [] }) {
        if (placementConstraints.length > 10) yield 'placementConstraints can have at most 10 items.';
        for (const { expression = '' } of placementConstraints)
          if (expression.trim() === '' || expression.length > 2_000)
            yield 'Invalid placement constraint expression.';
      },
      shownBy: [
        onEc2({ placementConstraints: [{ type: 'memberOf' }] }),
        onEc2({ placementConstraints: [{ type: 'memberOf', expression: 'x'.repeat(2_001) }] }),
        onEc2({
          placementConstraints: Array.from({ length: 11 }, () => ({
            type: 'memberOf' as const,
            expression: 'a',
          })),
        }),
      ],
    },
  ]),
];
