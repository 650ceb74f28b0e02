import { describe, expect, test } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import { contractBreaches } from '../../src/plan/contract-bounds.ts';
import { CONTAINER_BOUNDS, TASK_BOUNDS } from '../../src/plan/contract-members.ts';
import { membersOfShape } from '../../src/task-definition/known-members.ts';
import { describedTaskDefinition, OLD_IMAGE } from '../task-definition/a-task-definition.ts';

type Members = { readonly [member: string]: Json };

const GATED = `registry.example/acme/orders@sha256:${'b'.repeat(64)}`;
const AGENT = {
  name: 'agent',
  image: OLD_IMAGE,
  secrets: [{ name: 'KEY', valueFrom: '/acme/agent/key' }],
  repositoryCredentials: {
    credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:registry-AbCdEf',
  },
};

function running(): Members & { readonly containerDefinitions: readonly Members[] } {
  const document = describedTaskDefinition();
  const containers = document['containerDefinitions'] as readonly Members[]; // of `a-task-definition.ts`
  return {
    ...document,
    containerDefinitions: [
      ...containers.map((each, at) => (at === 0 ? { ...each, readonlyRootFilesystem: true } : each)),
      AGENT,
    ],
  };
}

/** The delivery that is always allowed, the gated image, with more changed in the task or in one container. */
function delivered(task: Members, container: Members = {}, name = 'app'): Members {
  const { containerDefinitions, ...rest } = running();
  const changed = containerDefinitions.map((each) => ({
    ...each,
    ...(each['name'] === 'app' ? { image: GATED } : {}),
    ...(each['name'] === name ? container : {}),
  }));
  return { ...rest, containerDefinitions: changed, ...task };
}

function breaches(
  document: Members,
  tags: Readonly<Record<string, string>> = { tenant: 'acme' },
): readonly string[] {
  const entries = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return contractBreaches(
    {
      document: running(),
      tags: [
        { key: 'tenant', value: 'acme' },
        { key: 'aws:cloudformation:stack-name', value: 'orders' },
      ],
    },
    { document, tags: entries },
    { container: 'app', image: GATED, account: '000011112222' },
  ).map(({ path, problem }) => `${path} ${problem}`);
}

test('decides about every member that AWS has', () => {
  expect(Object.keys(TASK_BOUNDS)).toEqual([...membersOfShape('RegisterTaskDefinitionRequest').keys()]);
  expect(Object.keys(CONTAINER_BOUNDS)).toEqual([...membersOfShape('ContainerDefinition').keys()]);
});

const judged = ['containerDefinitions', 'tags', 'name', 'image', 'secrets']; // by rules of their own, below

describe.each([
  ['the task', TASK_BOUNDS, '', (changed: Members) => delivered(changed)],
  [
    'its container',
    CONTAINER_BOUNDS,
    'containerDefinitions.app.',
    (changed: Members) => delivered({}, changed),
  ],
])('a member of %s', (_, bounds, under, changed) => {
  test.each(Object.entries(bounds).filter(([member]) => !judged.includes(member)))(
    '%s: %s',
    (member, why) => {
      const expected = why === 'free' ? [] : [`${under}${member} may not change: ${why}`];
      expect(breaches(changed({ [member]: 'changed' }))).toEqual(expected);
    },
  );
});

test('the gated image alone is no breach, and a service that is delivered again is none', () => {
  expect(breaches(delivered({}))).toEqual([]);
});

test.each<[string, Members, readonly string[]]>([
  [
    'another image of the service',
    delivered({}, { image: OLD_IMAGE }),
    [`containerDefinitions.app.image is "${OLD_IMAGE}", not ${GATED}, which was gated`],
  ],
  [
    'another image beside it',
    delivered({}, { image: GATED }, 'sidecar'),
    [
      'containerDefinitions.sidecar.image may not change: only the image of app was gated, the others keep the one that runs',
    ],
  ],
  [
    'a variable that turns an agent off',
    delivered({}, { environment: [{ name: 'ENABLED', value: '0' }] }, 'agent'),
    ['containerDefinitions.agent.environment may not change: a request changes app, and nothing beside it'],
  ],
  [
    'a container more',
    delivered({
      containerDefinitions: [
        ...(delivered({})['containerDefinitions'] as readonly Json[]),
        { name: 'miner', image: GATED },
      ],
    }),
    ['containerDefinitions.miner may not be added: only the image of the service was gated'],
  ],
  [
    'two containers of one name',
    delivered({
      containerDefinitions: [
        { name: 'app', image: OLD_IMAGE, privileged: true },
        ...(delivered({})['containerDefinitions'] as readonly Json[]),
      ],
    }),
    ['containerDefinitions must have a name of its own for each container'],
  ],
  [
    'containers less',
    delivered({ containerDefinitions: [{ ...running().containerDefinitions[0], image: GATED }] }),
    [
      'containerDefinitions.sidecar may not be taken out: the containers of the task are agreed',
      'containerDefinitions.agent may not be taken out: the containers of the task are agreed',
    ],
  ],
  [
    'what AWS has since',
    delivered(
      { hostAccess: true },
      {
        newMember: {},
        other: 1,
        secrets: [{ name: 'DB', valueFrom: '/acme/db', readAs: 'arn:aws:iam::000011112222:role/admin' }],
      },
    ),
    [
      'hostAccess',
      'containerDefinitions.app.other',
      'containerDefinitions.app.secrets.DB.readAs',
      'containerDefinitions.app.newMember',
    ].map((member) => `${member} may not change: this release does not know what it does`),
  ],
  [
    'a hardening',
    delivered({}, { readonlyRootFilesystem: true, privileged: false, versionConsistency: 'enabled' }),
    [],
  ],
  [
    'what is taken away, and more, at once',
    delivered(
      { taskRoleArn: 'x' },
      { readonlyRootFilesystem: null, logConfiguration: null, portMappings: [] },
    ),
    ['taskRoleArn', 'logConfiguration', 'portMappings', 'readonlyRootFilesystem'].map((member) =>
      member === 'taskRoleArn'
        ? `${member} may not change: ${TASK_BOUNDS[member]}`
        : `containerDefinitions.app.${member} may not change: ${CONTAINER_BOUNDS[member]}`,
    ),
  ],
])('%s', (_, document, expected) => {
  expect(breaches(document)).toEqual(expected);
});

test.each([
  ['its own, new', '/acme/orders/key', undefined],
  [
    'its own, elsewhere in the region',
    'arn:aws:secretsmanager:eu-west-1:000011112222:secret:orders-AbCdEf',
    undefined,
  ],
  [
    'of another account',
    'arn:aws:ssm:eu-west-1:999988887777:parameter/acme/key',
    'may not come from another account than 000011112222',
  ],
  ['of the agent, by name', '/acme/agent/key', 'may not be the secret of another container of the task'],
  [
    'of the agent, by its ARN',
    'arn:aws:ssm:eu-west-1:000011112222:parameter/acme/agent/key',
    'may not be the secret of another container of the task',
  ],
  [
    'of the agent, one version of it',
    '/acme/agent/key:3',
    'may not be the secret of another container of the task',
  ],
  [
    'of the registry, one key of it',
    'arn:aws:secretsmanager:eu-west-1:000011112222:secret:registry-AbCdEf:password::',
    'may not be the secret of another container of the task',
  ],
  [
    'of the registry, by part of its ARN',
    'arn:aws:secretsmanager:eu-west-1:000011112222:secret:registry',
    'may not be the secret of another container of the task',
  ],
  [
    'of the registry, through the Parameter Store',
    '/aws/reference/secretsmanager/registry',
    'may not be the secret of another container of the task',
  ],
])('a secret %s', (_, valueFrom, problem) => {
  const secrets = [
    { name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:db' },
    { name: 'NEW', valueFrom },
  ];
  expect(breaches(delivered({}, { secrets }))).toEqual(
    problem ? [`containerDefinitions.app.secrets.NEW ${problem}`] : [],
  );
});

test('tags may be added, and neither replaced nor left out', () => {
  expect(breaches(delivered({}), { tenant: 'acme', cost: '1' })).toEqual([]);
  for (const tags of [{ tenant: 'other' }, { cost: '1' }])
    expect(breaches(delivered({}), tags)).toEqual(['tags.tenant may not change: policies decide by tags']);
});
