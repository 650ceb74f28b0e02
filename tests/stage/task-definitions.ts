import type { Json } from '@tenant-delivery/domain';
import * as fc from 'fast-check';
import { container, containers, IMAGE, type Members, some } from './task-containers.ts';

const ROLE = 'arn:aws:iam::000011112222:role/orders';
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

const networkFiles: Json = {
  name: 'data',
  fsxWindowsFileServerVolumeConfiguration: {
    fileSystemId: 'fs-12345678',
    rootDirectory: 'share',
    authorizationConfig: {
      credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:fsx-AbCdEf',
      domain: 'corp.example',
    },
  },
};

/** What instances alone have. */
const hostVolume = fc.constantFrom<Json>(
  { name: 'data', host: { sourcePath: '/var/data' } },
  {
    name: 'data',
    dockerVolumeConfiguration: { scope: 'shared', autoprovision: true, driver: 'local', labels: { a: 'b' } },
  },
  networkFiles,
);

const size = fc.constantFrom(
  ['256', '512'],
  ['.25 vCPU', '0.5 GB'],
  ['1 vCPU', '3GB'],
  ['4096', '30720'],
  ['16 vCPU', '120 GB'],
  ['32 vCPU', '244 GB'],
);

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

/** A container that routes what the others log. */
const router: Members = {
  name: 'router',
  image: IMAGE,
  essential: true,
  firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
  memoryReservation: 32,
};

const routed = onFargate.map(({ containerDefinitions: all, ...task }) => ({
  ...task,
  containerDefinitions: [
    ...all.map((each) => ({
      ...each,
      memoryReservation: 64,
      logConfiguration: { logDriver: 'awsfirelens', options: { Name: 'cloudwatch' } },
    })),
    router,
  ],
}));

const OF_LINUX: readonly string[] = ['linuxParameters', 'readonlyRootFilesystem', 'ulimits', 'user'];
const systems = ['2019_CORE', '2019_FULL', '2022_CORE', '2022_FULL', '2025_CORE', '2025_FULL'];

const onWindows = fc
  .tuple(containers, fc.constantFrom(...systems), fc.boolean())
  .map(([all, system, fargate]) => ({
    ...(fargate ? { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] } : {}),
    cpu: '1024',
    memory: '4096',
    runtimePlatform: { operatingSystemFamily: `WINDOWS_SERVER_${system}`, cpuArchitecture: 'X86_64' },
    volumes: [fargate ? { name: 'data' } : networkFiles],
    containerDefinitions: all.map((each) =>
      Object.fromEntries(Object.entries(each).filter(([member]) => !OF_LINUX.includes(member))),
    ),
  }));

/** Members of a container that instances give with a bridge, and Fargate does not. */
const ofInstances = some({
  hostname: fc.constant('orders'),
  dnsServers: fc.constant(['10.0.0.2']),
  dnsSearchDomains: fc.constant(['acme.example']),
  extraHosts: fc.constant([{ hostname: 'db', ipAddress: '10.0.0.1' }]),
  privileged: fc.boolean(),
  dockerSecurityOptions: fc.constant(['no-new-privileges']),
  credentialSpecs: fc.constant(['credentialspecdomainless:arn:aws:s3:::domain/spec.json']),
  resourceRequirements: fc.constant([{ type: 'GPU', value: '2' }]),
  linuxParameters: fc.constant({
    devices: [{ hostPath: '/dev/fuse', permissions: ['read', 'write'] }],
    maxSwap: 64,
    swappiness: 10,
    sharedMemorySize: 64,
    capabilities: { add: ['NET_ADMIN'] },
  }),
  logConfiguration: fc.constantFrom<Json>(
    { logDriver: 'json-file' },
    { logDriver: 'syslog', options: { 'syslog-address': 'udp://10.0.0.2:514' } },
    { logDriver: 'awslogs', options: { 'awslogs-group': 'a', 'awslogs-region': 'eu-west-1' } },
  ),
  portMappings: fc.constantFrom<Json>(
    [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }],
    [{ containerPortRange: '8000-8010' }],
    [{ containerPort: 53, protocol: 'udp', hostPort: 53 }],
  ),
});

const onBridge = fc
  .tuple(container, ofInstances, fc.boolean(), hostVolume)
  .map(([given, more, linked, volume]) => ({
    memory: '1024',
    volumes: [volume],
    containerDefinitions: [
      { memory: 512, ...given, ...more, name: 'app-0', image: IMAGE, ...(linked && { links: ['app-1:db'] }) },
      { name: 'app-1', image: 'postgres:17', memory: 128, essential: false },
    ],
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
  .tuple(fc.oneof(onFargate, onInstances, routed, onWindows, onBridge), volume)
  .map(([given, data]) => ({
    family: 'orders',
    executionRoleArn: ROLE,
    taskRoleArn: ROLE,
    volumes: [data],
    ...given,
  }));
