import type { Json } from '@tenant-delivery/domain';
import * as fc from 'fast-check';

export type Members = { readonly [member: string]: Json };

const ECR = '000011112222.dkr.ecr.eu-west-1.amazonaws.com';
export const IMAGE = `${ECR}/orders@sha256:${'a'.repeat(64)}`;

/** Members that may be there or not. */
export const some = (members: Readonly<Record<string, fc.Arbitrary<Json>>>) =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Members>; // it leaves members out, it makes none undefined

const log = fc.constantFrom<Json>(
  {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': '/orders',
      'awslogs-region': 'eu-west-1',
      'awslogs-stream-prefix': 'app',
      'awslogs-create-group': 'true',
      'awslogs-multiline-pattern': '^INFO',
      mode: 'non-blocking',
      'max-buffer-size': '25m',
    },
  },
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
export const container = some({
  essential: fc.constant(true),
  environment: fc.constantFrom<Json>([], [{ name: 'MODE', value: 'live' }]),
  secrets: fc.constantFrom<Json>([secret('PASSWORD')], [{ name: 'KEY', valueFrom: '/orders/key' }]),
  logConfiguration: log,
  stopTimeout: fc.integer({ min: 2, max: 120 }),
  startTimeout: fc.integer({ min: 2, max: 120 }),
  restartPolicy: fc.constant<Json>({ enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [0] }),
  ulimits: fc.constant<Json>([{ name: 'nofile', softLimit: 1_024, hardLimit: 65_536 }]),
  versionConsistency: fc.constantFrom('enabled', 'disabled'),
  interactive: fc.boolean(),
  workingDirectory: fc.constantFrom('/', '/app'),
  linuxParameters: fc.constantFrom<Json>(
    { initProcessEnabled: true, capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] } },
    { tmpfs: [{ containerPath: '/run', size: 64, mountOptions: ['rw', 'mode=755'] }] },
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

export const containers = fc
  .tuple(
    fc.array(container, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.option(check, { nil: undefined }),
  )
  .map((given) => together(...given));
