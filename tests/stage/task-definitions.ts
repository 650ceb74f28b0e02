import type { Json } from '@tenant-delivery/domain';
import * as fc from 'fast-check';

export type Members = { readonly [member: string]: Json };

const ROLE = 'arn:aws:iam::000011112222:role/orders';
const ECR = '000011112222.dkr.ecr.eu-west-1.amazonaws.com';
const IMAGE = `${ECR}/orders@sha256:${'a'.repeat(64)}`;

/** Members that may be there or not. */
const some = (members: Readonly<Record<string, fc.Arbitrary<Json>>>) =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Members>; // it leaves members out, it makes none undefined

const log = fc.constantFrom<Json>(
  {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/orders', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'app' },
  },
  {
    logDriver: 'splunk',
    options: { 'splunk-url': 'https://logs.example' },
    secretOptions: [secret('splunk-token')],
  },
);

function secret(name: string): Members {
  return { name, valueFrom: `arn:aws:secretsmanager:eu-west-1:000011112222:secret:${name}-AbCdEf` };
}

const check = some({
  interval: fc.integer({ min: 5, max: 300 }),
  timeout: fc.integer({ min: 2, max: 60 }),
  retries: fc.integer({ min: 1, max: 10 }),
  startPeriod: fc.integer({ min: 0, max: 300 }),
}).map((members) => ({ command: ['CMD-SHELL', 'true'], ...members }));

/** What any container may have, wherever it runs. */
const container = some({
  essential: fc.constant(true),
  environment: fc.constantFrom<Json>([], [{ name: 'MODE', value: 'live' }]),
  secrets: fc.constantFrom<Json>([secret('PASSWORD')], [{ name: 'KEY', valueFrom: '/orders/key' }]),
  logConfiguration: log,
  stopTimeout: fc.integer({ min: 2, max: 120 }),
  startTimeout: fc.integer({ min: 2, max: 120 }),
  restartPolicy: fc.constant<Json>({ enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [0] }),
  ulimits: fc.constant<Json>([{ name: 'nofile', softLimit: 1_024, hardLimit: 65_536 }]),
  linuxParameters: fc.constantFrom<Json>(
    { initProcessEnabled: true, capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] } },
    { tmpfs: [{ containerPath: '/run', size: 64, mountOptions: ['rw'] }] },
  ),
  systemControls: fc.constant<Json>([{ namespace: 'net.core.somaxconn', value: '1024' }]),
  environmentFiles: fc.constant<Json>([{ type: 's3', value: 'arn:aws:s3:::config/orders.env' }]),
  mountPoints: fc.constantFrom<Json>([], [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }]),
  user: fc.constantFrom('1000', 'app:app'),
  readonlyRootFilesystem: fc.boolean(),
  dockerLabels: fc.constant<Json>({ team: 'orders' }),
  cpu: fc.integer({ min: 0, max: 80 }),
  memoryReservation: fc.constantFrom(64, 128),
  memory: fc.constantFrom(128, 256, 512),
});

const volume = fc.constantFrom<Json>(
  { name: 'data' },
  { name: 'data', host: {} },
  {
    name: 'data',
    efsVolumeConfiguration: {
      fileSystemId: 'fs-12345678',
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' },
    },
  },
);

const size = fc.constantFrom(
  ['256', '512'],
  ['.25 vCPU', '0.5 GB'],
  ['1 vCPU', '3GB'],
  ['4096', '30720'],
  ['16 vCPU', '120 GB'],
  ['32 vCPU', '244 GB'],
);

/** Containers with ports of their own; each but the first is waited for by the one before it. */
function together(all: readonly Members[], waits: boolean, health: Members | undefined): readonly Members[] {
  return all.map((each, at) => ({
    ...each,
    name: `app-${at}`,
    image: IMAGE,
    portMappings: [{ containerPort: 8_080 + at, name: `port-${at}`, protocol: 'tcp' }],
    ...(health && { healthCheck: health }),
    ...(waits && at + 1 < all.length
      ? { dependsOn: [{ containerName: `app-${at + 1}`, condition: health ? 'HEALTHY' : 'START' }] }
      : {}),
  }));
}

const containers = fc
  .tuple(
    fc.array(container, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.option(check, { nil: undefined }),
  )
  .map((given) => together(...given));

const onFargate = fc
  .tuple(
    containers,
    size,
    some({ ephemeralStorage: fc.constant({ sizeInGiB: 100 }), pidMode: fc.constant('task') }),
  )
  .map(([containerDefinitions, [cpu = '', memory = ''], more]) => ({
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu,
    memory,
    ...more,
    containerDefinitions,
  }));

const onInstances = fc
  .tuple(
    containers,
    fc.constantFrom('bridge', 'awsvpc', undefined),
    some({
      pidMode: fc.constantFrom('host', 'task'),
      ipcMode: fc.constantFrom('task', 'none'),
      cpu: fc.constantFrom('256', '2 vCPU'),
      requiresCompatibilities: fc.constant(['EC2']),
      placementConstraints: fc.constant([{ type: 'memberOf', expression: 'attribute:ecs.os-type == linux' }]),
    }),
  )
  .map(([all, networkMode, more]) => ({
    ...(networkMode === undefined ? {} : { networkMode }),
    ...more,
    memory: '1024',
    containerDefinitions: all.map((each) => ({ memory: 512, ...each })),
  }));

/** Task definitions that AWS's pages allow, of as many kinds as they have. */
export const allowed: fc.Arbitrary<Members> = fc
  .tuple(fc.oneof(onFargate, onInstances), volume)
  .map(([given, data]) => ({
    family: 'orders',
    executionRoleArn: ROLE,
    taskRoleArn: ROLE,
    volumes: [data],
    ...given,
  }));

const TEXTS: readonly string[] = [
  '',
  'a b',
  'x'.repeat(256),
  '0',
  '64',
  '3 GB',
  'half',
  'host',
  'none',
  'bridge',
  'awsvpc',
  'SUCCESS',
  'HEALTHY',
  'MAYBE',
  'udp',
  'json-file',
  'awsfirelens',
  'ENABLED',
  '80-70',
  '8000-8100',
  'vm.swappiness',
  'NET_ADMIN',
  'app-0',
  'data',
  'arn:aws:s3:::config/a.txt',
  'arn:aws:iam::000011112222:user/x',
  'orders:password::',
  'WINDOWS_SERVER_2016_FULL',
];
const NUMBERS: readonly number[] = [-1, 0, 1, 2, 4, 20, 61, 121, 201, 301, 1_801, 8_080, 65_536, 1_000_000];

/** Members that some task definitions must not have. */
const MORE: readonly Members[] = [
  { privileged: true },
  { hostname: 'orders' },
  { links: ['app-1'] },
  { dnsServers: ['10.0.0.2'] },
  { disableNetworking: true },
  { extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }] },
  { dockerSecurityOptions: ['no-new-privileges'] },
  { resourceRequirements: [{ type: 'GPU', value: '1' }] },
  { linuxParameters: { devices: [{ hostPath: '/dev/fuse' }] } },
  { linuxParameters: { maxSwap: 64, swappiness: 10 } },
  { linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } },
  { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/orders' } } },
  { logConfiguration: { logDriver: 'awsfirelens' } },
  { firelensConfiguration: { type: 'fluentbit' } },
  { portMappings: [{ containerPort: 80, hostPort: 8_080 }] },
  { portMappings: [{ containerPortRange: '8000-8010' }, { containerPort: 8_005 }] },
  { dependsOn: [{ containerName: 'app-0', condition: 'START' }] },
  { dependsOn: [{ containerName: 'app-1', condition: 'COMPLETE' }] },
  { volumesFrom: [{ sourceContainer: 'app-9' }] },
  { healthCheck: { command: [] } },
  { essential: false },
  { environment: [{ name: 'PASSWORD', value: 'x' }] },
  { repositoryCredentials: { credentialsParameter: '' } },
];
const MORE_OF_TASK: readonly Members[] = [
  { ipcMode: 'host' },
  { pidMode: 'host' },
  { networkMode: 'none' },
  { networkMode: 'host' },
  { ephemeralStorage: { sizeInGiB: 20 } },
  { inferenceAccelerators: [{ deviceName: 'd', deviceType: 't' }] },
  { placementConstraints: [{ type: 'memberOf', expression: 'x' }] },
  { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'ARM64' } },
  { volumes: [{ name: 'data', host: { sourcePath: '/data' } }] },
  { volumes: [{ name: 'data', dockerVolumeConfiguration: { scope: 'task', autoprovision: true } }] },
  { volumes: [{ name: 'data' }, { name: 'data' }] },
  { volumes: [{ name: 'data', configuredAtLaunch: true }] },
  { proxyConfiguration: { containerName: 'envoy' } },
  { requiresCompatibilities: ['EC2', 'FARGATE'] },
  { requiresCompatibilities: ['EXTERNAL'] },
];

/** A value changed somewhere in it, as a number of choices says. */
function changed(value: Json, choices: Iterator<number>): Json {
  const choose = (most: number) => Math.abs(choices.next().value ?? 0) % most;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return NUMBERS[choose(NUMBERS.length)] ?? 0;
  if (typeof value === 'string') return TEXTS[choose(TEXTS.length)] ?? '';
  if (value === null) return value;
  if (Array.isArray(value)) {
    const at = choose(value.length + 2);
    if (at < value.length) return value.with(at, changed(value[at] ?? null, choices));
    return at === value.length ? [] : [...value, ...value.slice(0, 1)];
  }
  const names = Object.keys(value);
  const name = names[choose(names.length || 1)];
  if (name === undefined) return value;
  const { [name]: member = null, ...others } = value as Members; // an object of JSON, whose arrays are above
  return choose(4) === 0 ? others : { ...others, [name]: changed(member, choices) };
}

function withMore(definition: Members, choice: number): Members {
  const of = Math.abs(choice) % (MORE.length + MORE_OF_TASK.length);
  const [first = {}, ...others] = definition['containerDefinitions'] as readonly Members[]; // as `allowed` makes it
  const more = MORE[of];
  return more
    ? { ...definition, containerDefinitions: [{ ...first, ...more }, ...others] }
    : { ...definition, ...MORE_OF_TASK[of - MORE.length] };
}

const choices = fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 });

/** Task definitions that differ from an allowed one in one thing or two, which may or may not be a mistake. */
export const mutated: fc.Arbitrary<Members> = fc
  .tuple(allowed, choices, fc.nat(1_000), fc.constantFrom('value', 'member', 'both'))
  .map(([definition, of, more, how]) => {
    const { family = '', ...given } = how === 'value' ? definition : withMore(definition, more);
    const other = how === 'member' ? given : (changed(given, of.values()) as Members); // an object changed stays one
    return { family, ...other };
  });
