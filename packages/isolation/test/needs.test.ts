import { expect, it } from '@jest/globals';
import { needsOf } from '../src/needs.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:db-aB3xYz';

it('a task definition says what its tasks need of the place', () => {
  const needs = needsOf({
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    taskRoleArn: 'arn:aws:iam::000011112222:role/task',
    containerDefinitions: [
      {
        name: 'orders',
        image: 'r@sha256:1',
        portMappings: [{ containerPort: 8080 }],
        secrets: [{ name: 'DB', valueFrom: `${SECRET}:password::` }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/td', 'awslogs-region': 'eu-west-1', 'awslogs-create-group': 'true' },
          secretOptions: [{ name: 'apikey', valueFrom: '/td/key' }],
        },
      },
      {
        name: 'proxy',
        image: 'proxy:1',
        repositoryCredentials: { credentialsParameter: 'registry' },
        logConfiguration: { logDriver: 'json-file' },
      },
    ],
  });
  expect(needs).toMatchObject({
    platform: 'linux/arm64',
    addressed: true,
    roles: [{ purpose: 'task', named: 'arn:aws:iam::000011112222:role/task' }],
    executionMissing: 'it names secrets',
    images: [
      { container: 'orders', image: 'r@sha256:1' },
      { container: 'proxy', image: 'proxy:1' },
    ],
    secrets: [
      { what: 'DB of orders', reference: { kind: 'secret', id: SECRET, key: 'password' } },
      { what: 'apikey of orders', reference: { kind: 'parameter', names: ['/td/key'] } },
      { what: 'the registry credentials of proxy', reference: { kind: 'secret', id: 'registry' } },
    ],
    logGroups: [{ container: 'orders', group: '/td', region: 'eu-west-1', creates: true }],
  });
  expect([...needs.mapped]).toEqual([
    ['orders', [8080]],
    ['proxy', []],
  ]);
});

it.each([
  [undefined, { executionRoleArn: 'x', containerDefinitions: [{ secrets: [{ valueFrom: 'x' }] }] }],
  [undefined, { containerDefinitions: [{ image: '1.dkr.ecr.eu-west-1.amazonaws.com/x' }] }],
  ['Fargate pulls its image from ECR', fargate({ image: '1.dkr.ecr.eu-west-1.amazonaws.com/x' })],
  [
    'Fargate writes its logs',
    fargate({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'x' } } }),
  ],
  [undefined, fargate({ image: 'public.ecr.aws/x' })],
])('an execution role is missing: %s', (why, document) => {
  expect(needsOf(document).executionMissing).toBe(why);
});

function fargate(container: object) {
  return { requiresCompatibilities: ['FARGATE'], containerDefinitions: [{ ...container }] };
}
