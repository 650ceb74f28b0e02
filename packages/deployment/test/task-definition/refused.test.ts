import { expect, test } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import { refusedByEcs } from '../../src/task-definition/mistakes.ts';

type Members = { readonly [member: string]: Json };

const APP: Members = {
  name: 'app',
  image: '000011112222.dkr.ecr.eu-west-1.amazonaws.com/orders:1',
};
const ON_FARGATE: Members = {
  family: 'orders',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::000011112222:role/execution',
};
const said = (document: Members) => refusedByEcs(document).map(({ path, problem }) => `${path}: ${problem}`);
const task = (more: Members, ...containers: readonly Members[]) =>
  said({ ...ON_FARGATE, ...more, containerDefinitions: [APP, ...containers] });
const app = (more: Members, ...others: readonly Members[]) =>
  said({ ...ON_FARGATE, containerDefinitions: [{ ...APP, ...more }, ...others] });
const onInstances = (more: Members, ofTask: Members = {}) =>
  said({ family: 'orders', ...ofTask, containerDefinitions: [{ ...APP, memory: 128, ...more }] });

const WINDOWS: Members = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };
const EFS: Members = { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-12345678' } };
const FSX: Members = {
  name: 'data',
  fsxWindowsFileServerVolumeConfiguration: {
    fileSystemId: 'fs-12345678',
    rootDirectory: 'share',
    authorizationConfig: { credentialsParameter: 'arn:aws:ssm:eu-west-1:1:parameter/fsx', domain: 'd' },
  },
};
const awslogs = (options: Members): Members => ({
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/orders', 'awslogs-region': 'eu-west-1', ...options },
});

test('what ECS takes has no mistake', () => {
  expect([task({}), onInstances({})]).toEqual([[], []]);
});

/** A mistake of each kind, with what is said of it: the place, what is wrong there, and what to do. */
test.each([
  [app({ name: 'a b' }), 'containerDefinitions.a b: has no valid name: up to 255 letters'],
  [app({ image: '$IMAGE' }), 'containerDefinitions.app.image: is no image: repository:tag, or'],
  [
    app({}, ...Array.from({ length: 10 }, (_, at) => ({ ...APP, name: `more-${at}` }))),
    'has 11 containers; ECS takes 10',
  ],
  [app({ command: ['x'.repeat(70_000)] }), 'bytes of JSON; ECS takes 65536'],
  [task({ cpu: 'half' }), 'cpu: is no size; write CPU units such as 1024, or vCPUs such as 1 vCPU'],
  [task({ cpu: '32 vCPU', memory: '128 GB' }), 'memory: is 128 GB; beside 32 vCPU of CPU, Fargate has 61440'],
  [onInstances({}, { cpu: '64' }), 'cpu: is 64 CPU units; on instances a task has 128 to 196608'],
  [
    onInstances({ memory: null }),
    'containerDefinitions.app.memory: is missing, as is the memory of the task',
  ],
  [
    app({ cpu: 200 }, { ...APP, name: 'b', cpu: 100 }),
    'ask for 300 CPU units together (cpu), above the 256 of the task',
  ],
  [app({ memoryReservation: 600 }), 'memoryReservation: is 600 MiB, above the 512 MiB of the task'],
  [
    app({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    'with networkMode awsvpc they are one: leave hostPort out',
  ],
  [
    app({ portMappings: [{ containerPort: 80 }, { containerPort: 80 }] }),
    'map the tcp port 80 of the host twice',
  ],
  [app({ portMappings: [{ containerPortRange: '9-8' }] }), 'have the range 9-8; write first-last'],
  [
    app({ portMappings: [{ containerPort: 80, name: 'HTTP' }] }),
    'have the name HTTP; a name has up to 64 lower-case',
  ],
  [
    task({ volumes: [{ name: 'data', host: { sourcePath: '/data' } }] }),
    'volumes.data.host.sourcePath: is not there on Fargate',
  ],
  [task({ volumes: [{ name: 'data' }, { name: 'data' }] }), 'volumes.data: is there twice'],
  [
    task({
      volumes: [
        {
          name: 'data',
          efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } },
        },
      ],
    }),
    'volumes.data.efsVolumeConfiguration.transitEncryption: must be ENABLED',
  ],
  [
    app({ mountPoints: [{ sourceVolume: 'dta', containerPath: '/d' }] }),
    'mountPoints: names "dta", which is not there',
  ],
  [
    app({ dependsOn: [{ containerName: 'app', condition: 'START' }] }),
    'wait for one another in a circle: app',
  ],
  [
    app({ dependsOn: [{ containerName: 'b', condition: 'SUCCESS' }] }, { ...APP, name: 'b' }),
    'dependsOn: waits for the end of b; set essential of b to false',
  ],
  [
    app({ dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }, { ...APP, name: 'b' }),
    'dependsOn: waits for b to be healthy; give b a healthCheck',
  ],
  [app({ links: ['app'] }), 'links: are not there with networkMode awsvpc'],
  [onInstances({ links: ['app:a:b'] }), 'links: have "app:a:b"; write name or name:alias'],
  [
    task({ cpu: '1024', memory: '2048', runtimePlatform: WINDOWS, ephemeralStorage: { sizeInGiB: 30 } }),
    'ephemeralStorage: is not there on Windows; take it out',
  ],
  [
    onInstances({ user: '0' }, { runtimePlatform: WINDOWS }),
    'containerDefinitions.app.user: is not there on Windows',
  ],
  [
    onInstances({}, { runtimePlatform: WINDOWS, volumes: [EFS] }),
    'volumes.data.efsVolumeConfiguration: is not there on Windows',
  ],
  [
    onInstances({}, { runtimePlatform: { operatingSystemFamily: 'LINUX' }, volumes: [FSX] }),
    'fsxWindowsFileServerVolumeConfiguration: is for Windows; use an EFS volume',
  ],
  [
    app({ linuxParameters: { tmpfs: [{ containerPath: '/run', size: 1, mountOptions: ['fast'] }] } }),
    'linuxParameters.tmpfs: has the mount option fast, which tmpfs does not know',
  ],
  [
    onInstances({ resourceRequirements: [{ type: 'GPU', value: '0' }] }),
    'resourceRequirements: has 0 GPUs; write 1 or more',
  ],
  [
    onInstances({ credentialSpecs: ['arn:aws:s3:::domain/spec.json'] }),
    'credentialSpecs: has arn:aws:s3:::domain/spec.json; write credentialspec:',
  ],
  [
    onInstances({}, { placementConstraints: [{ type: 'memberOf' }] }),
    'placementConstraints: need an expression of 1 to 2000 characters each',
  ],
  [
    app({ firelensConfiguration: { type: 'fluentbit', options: { 'config-file': 'x' } } }),
    'options.config-file: is no option of a router; they are enable-ecs-log-metadata,',
  ],
  [
    onInstances({ logConfiguration: awslogs({ 'awslogs-stream-prefx': 'app' }) }),
    'options.awslogs-stream-prefx: is no option of awslogs that ECS takes; did you mean awslogs-stream-prefix?',
  ],
  [
    onInstances({
      logConfiguration: awslogs({ 'awslogs-datetime-format': '%Y', 'awslogs-multiline-pattern': '^[' }),
    }),
    'options: have awslogs-datetime-format and awslogs-multiline-pattern; keep one of them',
  ],
  [
    app({ healthCheck: { command: ['CMD', 'x'], timeout: 61 } }),
    'healthCheck.timeout: is 61; it must be between 2 and 60',
  ],
  [app({ stopTimeout: 121 }), 'stopTimeout: is 121; it must be between 2 and 120'],
  [onInstances({ stopTimeout: 1 }), 'stopTimeout: is 1; it must be at least 2'],
  [
    app({ logConfiguration: { logDriver: 'json-file' } }),
    'logDriver: is json-file; Fargate has awslogs, splunk, awsfirelens',
  ],
  [
    app({ logConfiguration: { logDriver: 'awslogs' } }),
    'options.awslogs-stream-prefix: is missing; awslogs needs it on Fargate',
  ],
  [
    app({ secrets: [{ name: 'A', valueFrom: 'orders:password::' }] }),
    'secrets.A: is no ARN of a secret or a parameter',
  ],
  [task({ executionRoleArn: null }), 'executionRoleArn: is missing; ECS needs the role for images of ECR'],
  [
    app({ environmentFiles: [{ type: 's3', value: 'x' }] }),
    'environmentFiles: must be ARNs of objects in S3 whose names end in .env',
  ],
  [
    app({ secrets: [{ name: 'A' }] }),
    'containerDefinitions.app.secrets.A.valueFrom: is missing; AWS requires it',
  ],
  [task({ networkMode: 'bridge' }), 'networkMode: must be awsvpc on Fargate'],
  [
    task({ ephemeralStorage: { sizeInGiB: 20 } }),
    'ephemeralStorage.sizeInGiB: is 20; Fargate expands to 21 to 200 GiB',
  ],
  [app({ privileged: true }), 'privileged: is not there on Fargate'],
  [app({ hostname: 'x' }), 'hostname: is not there with networkMode awsvpc'],
  [
    app({ linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }),
    'capabilities.add: has NET_ADMIN; Fargate adds SYS_PTRACE alone',
  ],
  [
    app({ ulimits: [{ name: 'core', softLimit: 2, hardLimit: 1 }] }),
    'ulimits.core: has the soft limit 2 above the hard limit 1',
  ],
  [
    app({ systemControls: [{ namespace: 'vm.x', value: '1' }] }),
    'systemControls: has vm.x; only those of IPC and net. can be set',
  ],
  [
    task({ proxyConfiguration: { containerName: 'envoy' } }),
    'proxyConfiguration.containerName: names a container that is not there',
  ],
])('%#: %j', (mistakes, expected) => {
  expect(mistakes.filter((mistake) => mistake.includes(expected))).toHaveLength(1);
});

test('all of them at once, where ECS would say the first', () => {
  const four = app({
    stopTimeout: 300,
    links: ['b'],
    portMappings: [{ containerPort: 0 }],
    dnsServers: ['10.0.0.2'],
  });
  expect(four).toHaveLength(5); // b is not there either
});

/** What AWS's own examples have, and what a check by the letter of a page would refuse. */
test.each([
  ['a health check that does not begin with CMD', app({ healthCheck: { command: ['/healthcheck'] } })],
  ['limits that add up to more than the task', app({ memory: 512 }, { ...APP, name: 'b', memory: 512 })],
  [
    'one port for two protocols',
    app({
      portMappings: [
        { containerPort: 53, protocol: 'tcp' },
        { containerPort: 53, protocol: 'udp' },
      ],
    }),
  ],
  [
    'one container port twice on instances',
    onInstances({ portMappings: [{ containerPort: 80 }, { containerPort: 80 }] }),
  ],
  ['tmpfs on Fargate', app({ linuxParameters: { tmpfs: [{ containerPath: '/run', size: 64 }] } })],
  [
    'an option of a log driver that this release does not know',
    app({
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-url': 'x', 'splunk-token': 'x', 'splunk-index': 'x' },
      },
    }),
  ],
  [
    'a description with its empty lists',
    app({
      links: [],
      dnsServers: [],
      extraHosts: [],
      dockerSecurityOptions: [],
      privileged: false,
      hostname: '',
    }),
  ],
  ['the name of a parameter', app({ secrets: [{ name: 'A', valueFrom: '/orders/key' }] })],
])('%s is no mistake', (_, mistakes) => {
  expect(mistakes).toEqual([]);
});
