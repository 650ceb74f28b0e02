import type { Json } from '@tenant-delivery/domain';
import * as fc from 'fast-check';
import type { Members } from './task-containers.ts';
import { allowed } from './task-definitions.ts';

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
  'app-1:db',
  'LINUX',
  '1024',
  '2048',
  'true',
  'file',
  's3',
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
  { links: ['app-1:a:b'] },
  { credentialSpecs: ['arn:aws:s3:::domain/spec.json'] },
  { resourceRequirements: [{ type: 'GPU', value: '0' }] },
  { resourceRequirements: [{ type: 'InferenceAccelerator', value: 'device' }] },
  { linuxParameters: { tmpfs: [{ containerPath: '/run', size: 64, mountOptions: ['fast'] }] } },
  { firelensConfiguration: { type: 'fluentbit', options: { 'config-file': '/extra.conf' } } },
  {
    firelensConfiguration: {
      type: 'fluentd',
      options: { 'config-file-type': 'file', 'config-file-value': '' },
    },
  },
  { readonlyRootFilesystem: true, user: '0', ulimits: [{ name: 'core', softLimit: 1, hardLimit: 1 }] },
];
const MORE_OF_TASK: readonly Members[] = [
  { ipcMode: 'host' },
  { pidMode: 'host' },
  { networkMode: 'none' },
  { networkMode: 'host' },
  { ephemeralStorage: { sizeInGiB: 20 } },
  { inferenceAccelerators: [{ deviceName: 'd', deviceType: 't' }] },
  { placementConstraints: [{ type: 'memberOf', expression: 'x' }] },
  { placementConstraints: [{ type: 'memberOf' }] },
  { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_FULL' } },
  { runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'ARM64' } },
  { cpu: '1024', memory: '2048', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2025_CORE' } },
  { requiresCompatibilities: ['MANAGED_INSTANCES'] },
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
