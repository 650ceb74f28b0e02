import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

const ROLE = 'arn:aws:iam::000011112222:role/ecsTaskExecutionRole';
const AWSLOGS = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
} as const;
export const WEB: ContainerDefinition = { name: 'web', image: 'public.ecr.aws/docker/library/httpd:latest' };

export function fargate(
  change: Partial<RegisterTaskDefinitionRequest>,
  ...containers: ContainerDefinition[]
) {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: ROLE,
    containerDefinitions: containers.length > 0 ? containers : [WEB],
    ...change,
  };
}

/** What the examples of the Amazon ECS Developer Guide show for Fargate, each with what makes it one of its kind. */
export const ON_FARGATE: readonly (readonly [kind: string, input: object])[] = [
  ['a web server on Fargate, in .25 vCPU and 0.5 GB', fargate({ cpu: '.25 vCPU', memory: '0.5 GB' })],
  ['the largest task of Fargate', fargate({ cpu: '32 vCPU', memory: '244 GB' })],
  ['no role where nothing needs one', { ...fargate({}), executionRoleArn: undefined }],
  [
    'a role by its name',
    fargate({ taskRoleArn: 'ecsTaskRole', executionRoleArn: 'service-role/ecsTaskExecutionRole' }),
  ],
  ['logs in CloudWatch', fargate({}, { ...WEB, logConfiguration: AWSLOGS })],
  [
    'logs in Splunk, its token a secret',
    fargate(
      {},
      {
        ...WEB,
        logConfiguration: {
          logDriver: 'splunk',
          options: { 'splunk-url': 'https://splunk.example' },
          secretOptions: [{ name: 'splunk-token', valueFrom: '/splunk/token' }],
        },
      },
    ),
  ],
  [
    'a router of logs',
    fargate(
      {},
      {
        ...WEB,
        logConfiguration: { logDriver: 'awsfirelens', options: { Name: 'firehose', region: 'eu-west-1' } },
      },
      {
        name: 'log_router',
        image: 'amazon/aws-for-fluent-bit:stable',
        essential: true,
        memoryReservation: 50,
        logConfiguration: AWSLOGS,
        firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
      },
    ),
  ],
  [
    'a proxy that is waited for, whose limits add up to more than the task',
    fargate(
      {
        proxyConfiguration: {
          type: 'APPMESH',
          containerName: 'envoy',
          properties: [
            { name: 'IgnoredUID', value: '1337' },
            { name: 'ProxyIngressPort', value: '15000' },
            { name: 'ProxyEgressPort', value: '15001' },
            { name: 'AppPorts', value: '9080' },
            { name: 'EgressIgnoredIPs', value: '169.254.170.2,169.254.169.254' },
          ],
        },
      },
      { ...WEB, memory: 512, dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }] },
      {
        name: 'envoy',
        image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1',
        memory: 512,
        user: '1337',
        healthCheck: {
          command: ['CMD-SHELL', 'curl -s http://localhost:9901/ready'],
          startPeriod: 10,
          interval: 5,
          timeout: 2,
        },
      },
    ),
  ],
  [
    'a check that begins with neither CMD nor CMD-SHELL',
    fargate({}, { ...WEB, healthCheck: { command: ['/healthcheck'] } }),
  ],
  [
    'a container that runs first and ends',
    fargate(
      {},
      { ...WEB, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
      { name: 'init', image: 'busybox', essential: false },
    ),
  ],
  [
    'secrets with a key of their JSON, and parameters by name',
    fargate(
      {},
      {
        ...WEB,
        secrets: [
          {
            name: 'A',
            valueFrom:
              'arn:aws:secretsmanager:eu-west-1:000011112222:secret:appauthexample-AbCdEf:username1::',
          },
          { name: 'B', valueFrom: 'arn:aws:ssm:eu-west-1:000011112222:parameter/parameter_name' },
          { name: 'C', valueFrom: 'parameter_name' },
        ],
      },
    ),
  ],
  [
    'files of variables',
    fargate({}, { ...WEB, environmentFiles: [{ value: 'arn:aws:s3:::config/variables.env', type: 's3' }] }),
  ],
  [
    'a private registry',
    fargate(
      {},
      {
        ...WEB,
        repositoryCredentials: {
          credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:r',
        },
      },
    ),
  ],
  [
    'a file system of EFS by its access point',
    fargate(
      {
        volumes: [
          {
            name: 'efs',
            efsVolumeConfiguration: {
              fileSystemId: 'fs-1234',
              rootDirectory: '/',
              transitEncryption: 'ENABLED',
              authorizationConfig: { accessPointId: 'fsap-1234', iam: 'ENABLED' },
            },
          },
        ],
      },
      { ...WEB, mountPoints: [{ sourceVolume: 'efs', containerPath: '/efs' }] },
    ),
  ],
  [
    'a volume of EBS that comes at launch',
    fargate(
      { volumes: [{ name: 'ebs', configuredAtLaunch: true }] },
      { ...WEB, mountPoints: [{ sourceVolume: 'ebs', containerPath: '/ebs' }] },
    ),
  ],
  [
    'an empty volume that two containers share',
    fargate(
      { volumes: [{ name: 'scratch', host: {} }], ephemeralStorage: { sizeInGiB: 200 } },
      { ...WEB, mountPoints: [{ sourceVolume: 'scratch', containerPath: '/a' }] },
      { name: 'writer', image: 'busybox', mountPoints: [{ sourceVolume: 'scratch', containerPath: '/b' }] },
    ),
  ],
  [
    'a range of ports',
    fargate({}, { ...WEB, portMappings: [{ containerPortRange: '8000-8010' }, { containerPort: 80 }] }),
  ],
  [
    'one port for two protocols',
    fargate(
      {},
      {
        ...WEB,
        portMappings: [
          { containerPort: 53, protocol: 'tcp' },
          { containerPort: 53, protocol: 'udp' },
        ],
      },
    ),
  ],
  ['ARM', fargate({ runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } })],
  [
    'Windows on Fargate',
    fargate({
      cpu: '1024',
      memory: '2048',
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    }),
  ],
  [
    'the kernel, as far as Fargate lets it be changed',
    fargate(
      { pidMode: 'task' },
      {
        ...WEB,
        ulimits: [{ name: 'nofile', softLimit: 1_024, hardLimit: 4_096 }],
        systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
        linuxParameters: {
          initProcessEnabled: true,
          capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] },
          tmpfs: [{ containerPath: '/run', size: 64 }],
        },
        stopTimeout: 120,
      },
    ),
  ],
];
