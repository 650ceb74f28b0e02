import { expect, test } from '@jest/globals';
import { NOTHING_ASKED } from '../../src/plan/nothing-asked.ts';
import { wantedTaskDefinition } from '../../src/plan/wanted-task-definition.ts';
import { parseTaskDefinitionFile } from '../../src/task-definition/file.ts';

const ACCOUNT = '111122223333';
const ECR = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole`;
const LOGS = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
};
const FARGATE = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  executionRoleArn: ROLE,
};
const web = (more: object = {}) => ({ name: 'web', image: `${ECR}/web:latest`, essential: true, ...more });

/** Written after patterns of public repositories, each a way in which files differ. */
const FILES: Readonly<Record<string, object>> = {
  'what describe-task-definition of version 1 of the CLI answered, nulls and all': {
    ipcMode: null,
    executionRoleArn: ROLE,
    taskRoleArn: null,
    containerDefinitions: [
      web({
        dnsSearchDomains: null,
        entryPoint: [],
        command: [],
        links: [],
        cpu: 0,
        environment: [],
        memory: null,
        memoryReservation: 512,
        portMappings: [{ hostPort: 0, protocol: 'tcp', containerPort: 3000 }],
        mountPoints: [{ readOnly: null, containerPath: '/data', sourceVolume: 'data' }],
        logConfiguration: { ...LOGS, secretOptions: null },
        healthCheck: null,
      }),
    ],
    volumes: [{ name: 'data', dockerVolumeConfiguration: { scope: 'task', driver: 'local' } }],
    placementConstraints: [],
    memory: null,
    cpu: null,
    family: 'web',
    pidMode: null,
    requiresCompatibilities: ['EC2'],
    networkMode: 'bridge',
    compatibilities: ['EXTERNAL', 'EC2'],
    requiresAttributes: [{ targetId: null, targetType: null, value: null, name: 'ecs.capability.x' }],
    taskDefinitionArn: `arn:aws:ecs:eu-west-1:${ACCOUNT}:task-definition/web:7`,
    revision: 7,
    status: 'ACTIVE',
    proxyConfiguration: null,
    inferenceAccelerators: null,
  },
  'the answer in its wrapper, with everything that the console adds': {
    taskDefinition: {
      ...FARGATE,
      containerDefinitions: [
        web({
          cpu: 0,
          environmentFiles: [],
          ulimits: [],
          systemControls: [],
          volumesFrom: [],
          portMappings: [
            { name: 'web-8080', containerPort: 8080, hostPort: 8080, protocol: 'tcp', appProtocol: 'http' },
          ],
          logConfiguration: {
            ...LOGS,
            options: {
              ...LOGS.options,
              'awslogs-create-group': 'true',
              mode: 'non-blocking',
              'max-buffer-size': '25m',
            },
            secretOptions: [],
          },
        }),
      ],
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      registeredAt: '2026-09-17T15:12:27.391000+00:00',
      registeredBy: `arn:aws:iam::${ACCOUNT}:root`,
      enableFaultInjection: false,
    },
    tags: [],
  },
  'a sidecar of a public registry that is waited for, and secrets by key and by name': {
    ...FARGATE,
    cpu: '.5 vCPU',
    memory: '1 GB',
    containerDefinitions: [
      web({
        dependsOn: [{ containerName: 'otel', condition: 'HEALTHY' }],
        secrets: [
          {
            name: 'DB',
            valueFrom: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:db-aB3xYz:password::`,
          },
          { name: 'KEY', valueFrom: '/web/key' },
          { name: 'PIN', valueFrom: `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/web/pin` },
        ],
        healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:$PORT/ || exit 1'], interval: 30 },
      }),
      {
        name: 'otel',
        image: 'public.ecr.aws/aws-observability/aws-otel-collector:latest',
        essential: false,
        command: ['--config=/etc/ecs/ecs-default-config.yaml'],
        healthCheck: { command: ['CMD', '/healthcheck'], startPeriod: 5 },
      },
    ],
  },
  'a log router, limits and a shell that ends its children': {
    ...FARGATE,
    containerDefinitions: [
      web({
        logConfiguration: {
          logDriver: 'awsfirelens',
          options: { Name: 'datadog', Host: 'http-intake.logs.datadoghq.eu', TLS: 'on', dd_service: 'web' },
          secretOptions: [{ name: 'apikey', valueFrom: '/datadog/key' }],
        },
        ulimits: [{ name: 'nofile', softLimit: 65536, hardLimit: 65536 }],
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
        readonlyRootFilesystem: true,
        user: '1000:1000',
        stopTimeout: 60,
      }),
      {
        name: 'router',
        image: 'amazon/aws-for-fluent-bit:stable',
        essential: true,
        firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
        logConfiguration: LOGS,
        memoryReservation: 50,
      },
    ],
  },
  'a file system with an access point, on ARM, with more storage': {
    ...FARGATE,
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    ephemeralStorage: { sizeInGiB: 50 },
    containerDefinitions: [web({ mountPoints: [{ sourceVolume: 'efs', containerPath: '/mnt' }] })],
    volumes: [
      {
        name: 'efs',
        efsVolumeConfiguration: {
          fileSystemId: 'fs-0123456789abcdef0',
          transitEncryption: 'ENABLED',
          authorizationConfig: { accessPointId: 'fsap-0123456789abcdef0', iam: 'ENABLED' },
        },
      },
    ],
  },
  'instances with a host path, a link, a privileged agent and logs of Docker': {
    family: 'web',
    networkMode: 'bridge',
    containerDefinitions: [
      web({
        memory: 256,
        cpu: 128,
        links: ['redis:cache'],
        portMappings: [{ containerPort: 80, hostPort: 0 }],
      }),
      { name: 'redis', image: 'redis', memory: 128, logConfiguration: { logDriver: 'json-file' } },
      {
        name: 'agent',
        image: 'datadog/agent:7',
        memoryReservation: 128,
        privileged: true,
        mountPoints: [{ sourceVolume: 'sock', containerPath: '/var/run/docker.sock', readOnly: true }],
      },
    ],
    volumes: [{ name: 'sock', host: { sourcePath: '/var/run/docker.sock' } }],
  },
  'files of variables, labels and a placement by an expression': {
    family: 'web',
    networkMode: 'host',
    executionRoleArn: ROLE,
    memory: '512',
    placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t3.*' }],
    containerDefinitions: [
      web({
        environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::settings/web.env' }],
        environment: [
          { name: 'EMPTY', value: '' },
          { name: 'TEMPLATE', value: '{{ not ours }} $HOME <b>' },
          { name: 'TWICE', value: 'the same' },
          { name: 'TWICE', value: 'the same' },
        ],
        dockerLabels: { 'traefik.http.routers.web.rule': 'Host(`web.example.com`)' },
        entryPoint: ['sh', '-c'],
        command: ['echo $HOSTNAME && exec ./run'],
      }),
    ],
  },
};

test.each(Object.entries(FILES))('%s is planned, and leaves no value out', (_, written) => {
  const parsed = parseTaskDefinitionFile('task-definition.json', JSON.stringify(written));
  if ('mistakes' in parsed) throw new Error(JSON.stringify(parsed.mistakes));
  const current = {
    arn: `arn:aws:ecs:eu-west-1:${ACCOUNT}:task-definition/web:1`,
    family: 'web',
    active: true,
    tags: [],
    document: { family: 'web', containerDefinitions: [{ name: 'web', image: 'x', memory: 128 }] },
  };
  const source = { kind: 'document', file: 'task-definition.json', document: parsed.document } as const;
  const result = wantedTaskDefinition(
    { ...NOTHING_ASKED, source },
    { current, account: ACCOUNT, partition: 'aws', tags: 'left to ECS' },
  );
  expect(result).not.toHaveProperty('mistakes');
  const sent = JSON.stringify('wanted' in result ? result.wanted.document : {});
  const texts = JSON.stringify(parsed.document).match(/"value(?:From)?":"[^"]*"|"image":"[^"]*"/g) ?? [];
  expect(texts.filter((text) => !sent.includes(text))).toEqual([]);
});
