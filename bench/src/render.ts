import { NOTHING_ASKED } from '@tenant-delivery/deployment/plan/nothing-asked';
import { makePlan } from '@tenant-delivery/deployment/plan/plan';
import { wantedTaskDefinition } from '@tenant-delivery/deployment/plan/wanted-task-definition';
import { parseTaskDefinitionFile } from '@tenant-delivery/deployment/task-definition/file';

const CONTAINERS = 40;
const ACCOUNT = '000011112222';
const REPOSITORY = 'registry.example/acme/orders';
const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;

/** A task definition of 64 kB, which is as large as ECS takes one. */
const containerDefinitions = Array.from({ length: CONTAINERS }, (_, number) => ({
  name: `c${number}`,
  image: `${REPOSITORY}@${digest('a')}`,
  cpu: 0,
  memory: 256,
  essential: number === 0,
  portMappings: [{ containerPort: 8000 + number, hostPort: 8000 + number, protocol: 'tcp' }],
  environment: Array.from({ length: 9 }, (_, variable) => ({
    name: `VARIABLE_${variable}`,
    value: `value ${variable} of container ${number} with some length to it`,
  })),
  secrets: Array.from({ length: 3 }, (_, secret) => ({
    name: `SECRET_${secret}`,
    valueFrom: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:acme/prod/orders/${number}/${secret}-AbCdEf`,
  })),
  mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false }],
  volumesFrom: [],
  dependsOn: number > 0 ? [{ containerName: 'c0', condition: 'START' }] : [],
  logConfiguration: {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': '/td/acme/prod/orders',
      'awslogs-region': 'eu-west-1',
      'awslogs-stream-prefix': `c${number}`,
    },
  },
  healthCheck: {
    command: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'],
    interval: 30,
    timeout: 5,
    retries: 3,
  },
}));

/** Real milliseconds of parsing the file, changing every image and one variable, and planning the difference. */
export function renderAndPlan(): number {
  const content = {
    family: 'acme-prod-orders',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '16384',
    memory: '32768',
    volumes: [{ name: 'data', host: {} }],
    containerDefinitions,
  };
  const text = JSON.stringify(content, null, 2);
  const arn = `arn:aws:ecs:eu-west-1:${ACCOUNT}:task-definition/${content.family}:7`;
  const current = { arn, family: content.family, active: true, document: JSON.parse(text), tags: [] };
  const started = performance.now();
  const read = parseTaskDefinitionFile('task-definition.json', text);
  if ('mistakes' in read) throw new Error(`the file of the bench has mistakes: ${JSON.stringify(read)}`);
  const request = {
    ...NOTHING_ASKED,
    source: { kind: 'document' as const, file: 'task-definition.json', document: read.document },
    images: Object.fromEntries(
      containerDefinitions.map(({ name }) => [name, `${REPOSITORY}@${digest('b')}`]),
    ),
    environment: { c1: { mode: 'merge' as const, values: { X: '1' } } },
  };
  const result = wantedTaskDefinition(request, { current, account: ACCOUNT, partition: 'aws' });
  if ('mistakes' in result)
    throw new Error(`the request of the bench has mistakes: ${JSON.stringify(result)}`);
  const plan = makePlan({
    kind: 'deploy',
    target: {
      tenant: 'acme',
      environment: 'prod',
      account: ACCOUNT,
      region: 'eu-west-1',
      service: 'orders',
    },
    cluster: 'acme-prod',
    container: 'c0',
    image: { repositoryUri: REPOSITORY, digest: digest('b') },
    current,
    wanted: result.wanted,
    service: [],
    migration: null,
    request: digest('c'),
    notes: [],
  });
  const took = performance.now() - started;
  const { changes } = plan.taskDefinition;
  if (changes.length !== CONTAINERS + 1) throw new Error(`the plan has ${changes.length} changes`);
  return took;
}
