import { describe, expect, test } from '@jest/globals';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { TaskDefinition } from '../../src/observed.ts';
import type { DeployRequest } from '../../src/plan/deploy-request.ts';
import { NOTHING_ASKED } from '../../src/plan/nothing-asked.ts';
import {
  type RequestFacts,
  type WantedTaskDefinition,
  wantedTaskDefinition,
} from '../../src/plan/wanted-task-definition.ts';
import { registrable } from '../../src/task-definition/task-definition.ts';
import { describedTaskDefinition, OLD_IMAGE } from '../task-definition/a-task-definition.ts';

type Members = { readonly [member: string]: Json };

const NEW_IMAGE = `registry.example/acme/orders@sha256:${'b'.repeat(64)}`;
const ARN = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7';

function revision(more: Partial<TaskDefinition> = {}): TaskDefinition {
  const tags = [{ key: 'team', value: 'orders' }];
  return {
    arn: ARN,
    family: 'acme-prod-orders',
    active: true,
    document: describedTaskDefinition(),
    tags,
    ...more,
  };
}

const FACTS: RequestFacts = { current: revision(), account: '000011112222', partition: 'aws' };
const ask = (more: Partial<DeployRequest>): DeployRequest => ({ ...NOTHING_ASKED, ...more });
const fromFile = (document: Members): Partial<DeployRequest> => ({
  source: { kind: 'document', file: 'task.json', document },
});

function wanted(more: Partial<DeployRequest>, facts: Partial<RequestFacts> = {}): WantedTaskDefinition {
  const result = wantedTaskDefinition(ask(more), { ...FACTS, ...facts });
  if ('mistakes' in result) throw new Error(result.mistakes.map(describeMistake).join('\n'));
  return result.wanted;
}

function mistakes(more: Partial<DeployRequest>, facts: Partial<RequestFacts> = {}): readonly string[] {
  const result = wantedTaskDefinition(ask(more), { ...FACTS, ...facts });
  return 'mistakes' in result ? result.mistakes.map(describeMistake) : [];
}

function container({ document }: WantedTaskDefinition, name: string): Members | undefined {
  const containers = document['containerDefinitions'] as readonly Members[]; // the tests below put them there
  return containers.find((each) => each['name'] === name);
}

/** What runs, with its first container changed, as a file would say it. */
function withApp(more: Members): Members & { readonly containerDefinitions: readonly Members[] } {
  const running = registrable(describedTaskDefinition());
  const [app, ...others] = running['containerDefinitions'] as readonly Members[]; // of `a-task-definition.ts`
  return { ...running, containerDefinitions: [{ ...app, ...more }, ...others] };
}

/** Of the sidecar of `a-task-definition.ts`. */
const TAG =
  'sidecar runs registry.example/acme/proxy:1, a tag: which image that is, ECS looks up anew at each deployment';

describe('what is asked for', () => {
  test('nothing: what runs, and no new revision', () => {
    expect(wanted({})).toEqual({
      document: registrable(describedTaskDefinition()),
      tags: [{ key: 'team', value: 'orders' }],
      revision: ARN,
      notes: [TAG],
    });
  });

  test('nothing, but what runs is INACTIVE: a revision with the same content', () => {
    expect(wanted({}, { current: revision({ active: false }) }).revision).toBeUndefined();
  });

  test('images of several containers at once; every other member of each stays', () => {
    const result = wanted({ images: { app: NEW_IMAGE, sidecar: OLD_IMAGE } });
    expect(container(result, 'app')).toEqual({ ...container(wanted({}), 'app'), image: NEW_IMAGE });
    expect(container(result, 'sidecar')).toEqual({ ...container(wanted({}), 'sidecar'), image: OLD_IMAGE });
    expect(result.notes).toEqual([]);
    expect(result.revision).toBeUndefined();
  });

  test.each<[string, DeployRequest['environment'][string], Json]>([
    [
      'merge',
      { mode: 'merge', values: { MODE: '', NEW: 'a=b=c "d e"', EMPTY: null } },
      [
        { name: 'MODE', value: '' },
        { name: 'NEW', value: 'a=b=c "d e"' },
      ],
    ],
    ['replace', { mode: 'replace', values: { ONLY: '1' } }, [{ name: 'ONLY', value: '1' }]],
    ['remove', { mode: 'remove', names: ['MODE'] }, [{ name: 'EMPTY', value: '' }]],
  ])('variables in mode %s', (_, change, expected) => {
    expect(container(wanted({ environment: { app: change } }), 'app')).toMatchObject({
      environment: expected,
    });
  });

  test('a secret instead of a variable, in one request', () => {
    const result = wanted({
      environment: { app: { mode: 'remove', names: ['MODE'] } },
      secrets: { app: { mode: 'merge', values: { MODE: '/acme/mode' } } },
    });
    expect(container(result, 'app')).toMatchObject({
      environment: [{ name: 'EMPTY', value: '' }],
      secrets: [{ name: 'DB' }, { name: 'MODE', valueFrom: '/acme/mode' }],
    });
  });

  test('a name that is gone already is told and no mistake, so that a second run passes', () => {
    const result = wanted({ environment: { app: { mode: 'remove', names: ['MODEE'] } } });
    expect(result.notes).toEqual(['environment of app has no MODEE to remove; it has MODE', TAG]);
    expect(result.revision).toBe(ARN);
  });

  test('a patch by the name of a container: the sidecar, the order and the other members stay', () => {
    const result = wanted({
      patch: {
        cpu: '512',
        memory: '1024',
        containerDefinitions: {
          app: { interactive: false, logConfiguration: { options: { tag: '' } }, secrets: null },
          init: { image: NEW_IMAGE, essential: false },
        },
      },
    });
    expect(container(result, 'app')).toEqual({
      ...container(wanted({}), 'app'),
      interactive: false,
      secrets: undefined,
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/td/acme/prod/orders',
          'awslogs-region': 'eu-west-1',
          'awslogs-stream-prefix': 'app',
          tag: '',
        },
      },
    });
    expect((result.document['containerDefinitions'] as readonly Members[]).map(({ name }) => name)).toEqual([
      'app',
      'sidecar',
      'init',
    ]);
    expect(result.document).toMatchObject({ cpu: '512', networkMode: 'awsvpc', volumes: [] });
  });

  test('a patch takes a container out', () => {
    const result = wanted({ patch: { containerDefinitions: { sidecar: null } } });
    expect(result.document['containerDefinitions']).toHaveLength(1);
  });

  test('the output of describe-task-definition as a file: read-only members are left out, and said', () => {
    const result = wanted(fromFile(describedTaskDefinition({ tags: [{ key: 'from', value: 'file' }] })));
    expect(result.revision).toBe(ARN);
    expect(result.tags).toEqual([
      { key: 'team', value: 'orders' },
      { key: 'from', value: 'file' },
    ]);
    expect(result.notes).toEqual([
      'task.json: left out what only ECS sets: taskDefinitionArn, revision, status, registeredAt, registeredBy, requiresAttributes, compatibilities',
      TAG,
    ]);
  });

  test('a file without a family goes by the one that runs; with none that runs, by its own', () => {
    const { family: _, ...rest } = withApp({});
    expect(wanted(fromFile(rest))).toMatchObject({
      document: { family: 'acme-prod-orders' },
      notes: [expect.stringContaining('names no family'), TAG],
    });
    const own = wanted(
      fromFile({ ...withApp({}), family: 'mine', containerDefinitions: [{ name: 'a', image: NEW_IMAGE }] }),
      { current: undefined },
    );
    expect(own).toMatchObject({ document: { family: 'mine' }, tags: [], revision: undefined });
  });

  test('tags: kept, those of a file over them, those asked for over both, those of AWS left out', () => {
    const current = revision({
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '1' },
        { key: 'aws:cloudformation:stack-name', value: 's' },
      ],
    });
    const file = fromFile({
      ...withApp({}),
      tags: [
        { key: 'b', value: '2' },
        { key: 'c', value: '2' },
      ],
    });
    expect(wanted({ ...file, tags: { c: '3', cost: '' } }, { current }).tags).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
      { key: 'c', value: '3' },
      { key: 'cost', value: '' },
    ]);
  });

  test('roles by name become ARNs; the current one written by name makes no revision', () => {
    const named = wanted({ patch: { taskRoleArn: 'path/orders', executionRoleArn: 'execution' } });
    expect(named.document).toMatchObject({
      taskRoleArn: 'arn:aws:iam::000011112222:role/path/orders',
      executionRoleArn: 'arn:aws:iam::000011112222:role/execution',
    });
    expect(wanted({ patch: { executionRoleArn: 'execution' } }).revision).toBe(ARN);
    const current = revision({ document: describedTaskDefinition({ executionRoleArn: 'execution' }) });
    const arn = 'arn:aws:iam::000011112222:role/execution';
    expect(wanted({ patch: { executionRoleArn: arn } }, { current }).revision).toBe(ARN);
  });

  test('a revision is deployed as it is', () => {
    const old = revision({
      arn: ARN.replace(/7$/, '3'),
      document: describedTaskDefinition({ cpu: '1024' }),
      tags: [],
    });
    expect(wanted({ source: { kind: 'revision', arn: old.arn } }, { revision: old })).toEqual({
      document: registrable(old.document),
      tags: [],
      revision: old.arn,
      notes: [],
    });
  });
});

test('what the official actions lose or split stays whole', () => {
  const app = {
    command: ['sh', '-c', 'echo "hello  world"'],
    dockerLabels: { rule: 'Host(`a`) && Query(`x=y=z`)' },
    logConfiguration: {
      logDriver: 'splunk',
      options: { 'splunk-url': 'https://logs', 'splunk-token': 'x', tag: '' },
    },
    environment: [{ name: 'URL', value: 'https://x/?a=b=c' }],
    links: [],
  };
  const file = fromFile({ ...withApp(app), deleteRequestedAt: 1_795_000_000, volumes: [] });
  const result = wanted({ ...file, images: { app: NEW_IMAGE } });
  expect(container(result, 'app')).toMatchObject({ ...app, image: NEW_IMAGE });
  expect(result.document).toMatchObject({ volumes: [], placementConstraints: [] });
  expect(result.notes).toContain('task.json: left out what only ECS sets: deleteRequestedAt');
});

describe('what AWS has and this release does not know', () => {
  const current = revision({ document: describedTaskDefinition({ memberOfNextYear: { kept: [''] } }) });

  test('stays when it runs', () => {
    expect(wanted({}, { current })).toMatchObject({
      revision: ARN,
      document: { memberOfNextYear: { kept: [''] } },
    });
  });

  test('passes in a file or a patch when it is listed, with all that is in it', () => {
    const allowUnknown = ['memberOfNextYear', 'containerDefinitions.newMember'];
    const file = fromFile({ ...withApp({ newMember: { any: [1] } }), memberOfNextYear: true });
    expect(wanted({ ...file, allowUnknown })).toMatchObject({ document: { memberOfNextYear: true } });
    const patch = { containerDefinitions: { app: { newMember: { any: [1] } } } };
    expect(container(wanted({ patch, allowUnknown }), 'app')).toMatchObject({ newMember: { any: [1] } });
    expect(mistakes({ patch })).toEqual([
      'patch.containerDefinitions.app.newMember: is not a known key; if AWS has it since this release, list containerDefinitions.newMember in `allow-unknown`',
    ]);
  });
});

describe('mistakes', () => {
  test.each<[string, Partial<DeployRequest>, readonly string[]]>([
    [
      'a container that is not there',
      { images: { ap: NEW_IMAGE }, environment: { web: { mode: 'remove', names: [] } } },
      [
        'images.ap: there is no such container (did you mean app?)',
        'environment.web: there is no such container; the task definition has app, sidecar',
      ],
    ],
    [
      'a patch of a container that is not there',
      { patch: { containerDefinitions: { sidecra: { cpu: 1 }, gone: null } } },
      [
        'patch.containerDefinitions.sidecra: there is no such container (did you mean sidecar?), and a new one needs an image',
        'patch.containerDefinitions.gone: there is no such container; the task definition has app, sidecar',
      ],
    ],
    [
      'a patch with a list of containers, which would drop the others',
      { patch: { containerDefinitions: [{ name: 'app', image: NEW_IMAGE }] } },
      [
        'patch.containerDefinitions: must be an object of containers by their name, so that a patch keeps the others',
      ],
    ],
    [
      'a patch of what only ECS sets, of tags, and of a name',
      { patch: { revision: 8, tags: [], containerDefinitions: { app: { name: 'web' } } } },
      [
        'patch.revision: is read-only: ECS sets it; leave it out',
        'patch.tags: is set by `tags` of the request',
        'patch.containerDefinitions.app.name: must be app: a patch renames no container',
      ],
    ],
    [
      'an image that is set in two places',
      { images: { app: NEW_IMAGE }, patch: { containerDefinitions: { app: { image: OLD_IMAGE } } } },
      ['patch.containerDefinitions.app.image: is set by images.app too; keep one of them'],
    ],
    [
      'a tag where the running revision has a digest',
      { patch: { containerDefinitions: { app: { image: 'registry.example/acme/orders:2' } } } },
      [
        'containerDefinitions.app.image: is "registry.example/acme/orders:2"; must be an image by its digest, repository@sha256:…: a tag may move. Or set it in `images`',
      ],
    ],
    [
      'another family',
      { patch: { family: 'acme-prod-order' } },
      ['family: is "acme-prod-order"; the service runs acme-prod-orders, and keeps to its family'],
    ],
    [
      'sizes that Fargate does not have',
      { patch: { cpu: '512' } },
      ['memory: is 512; beside 512 of CPU, Fargate has 1024, 2048, 3072, 4096 MiB'],
    ],
    [
      'more memory than the task has',
      {
        patch: {
          containerDefinitions: { app: { memory: 513 }, sidecar: { memory: 10, memoryReservation: 11 } },
        },
      },
      [
        'containerDefinitions.app.memory: is 513 MiB, above the 512 MiB of the task',
        'containerDefinitions.sidecar.memoryReservation: is 11 MiB, above the 10 MiB of the container',
      ],
    ],
    [
      'a variable that is a secret too',
      { environment: { app: { mode: 'merge', values: { DB: 'x' } } } },
      ['containerDefinitions.app.secrets.DB: is a variable of `environment` too; take it out there'],
    ],
    [
      'roles of others, and what is no role',
      {
        patch: {
          taskRoleArn: 'arn:aws:iam::999988887777:role/other',
          executionRoleArn: 'arn:aws:iam::000011112222:user/me',
        },
      },
      [
        'taskRoleArn: is a role of account 999988887777 (aws); tasks take roles of their own account, 000011112222',
        'executionRoleArn: is neither the ARN nor the name of a role',
      ],
    ],
    [
      'containers that refer to one that a patch takes out',
      fromFile(
        withApp({
          dependsOn: [{ containerName: 'sidecr', condition: 'START' }],
          mountPoints: [{ sourceVolume: 'data', containerPath: '/' }],
        }),
      ),
      [
        'containerDefinitions.app.dependsOn: names "sidecr", which is not there; did you mean sidecar?',
        'containerDefinitions.app.mountPoints: names "data", which is not there',
      ],
    ],
    [
      'nothing essential',
      { patch: { containerDefinitions: { app: { essential: false } } } },
      ['containerDefinitions: has no essential container; ECS needs one'],
    ],
  ])('%s', (_, request, expected) => {
    expect(mistakes(request)).toEqual(expected);
  });

  test('two containers of one name, a typo at depth, a value of the wrong kind: all at once, with their places', () => {
    const document = {
      ...withApp({
        enviroment: [],
        healthCheck: { command: ['CMD'], intervall: 5 },
        essential: 'yes',
        cpu: '0',
        command: [1, null],
      }),
      cpu: 256,
      placementConstraints: {},
      containerDefinition: [],
    };
    const twice = {
      ...document,
      containerDefinitions: [
        ...document.containerDefinitions,
        { name: 'app', image: NEW_IMAGE, environment: [{ name: 'A', value: true }] },
      ],
    };
    expect(mistakes(fromFile(twice))).toEqual([
      'source.document.cpu: is a whole number; it must be a text: put it in quotes',
      'source.document.placementConstraints: is an object; it must be a list',
      'source.document.containerDefinitions.app.cpu: is a number in quotes; take the quotes away',
      'source.document.containerDefinitions.app.essential: is a text; it must be true or false, without quotes',
      'source.document.containerDefinitions.app.enviroment: is not a known key; did you mean environment?',
      'source.document.containerDefinitions.app.healthCheck.intervall: is not a known key; did you mean interval?',
      'source.document.containerDefinitions.app.command.0: is a whole number; it must be a text: put it in quotes',
      'source.document.containerDefinitions.app.command.1: is empty; it must be a text: put it in quotes',
      'source.document.containerDefinitions.app.environment.A.value: is true or false; it must be a text: put it in quotes',
      'source.document.containerDefinition: is not a known key; did you mean containerDefinitions?',
      'containerDefinitions.app: is there twice',
    ]);
  });

  test('with a variable that has two values is refused, because ECS would take the last one', () => {
    const environment = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    expect(mistakes(fromFile(withApp({ environment })))).toEqual([
      'containerDefinitions.app.environment.A: is there twice, with two values',
    ]);
  });

  test.each<[string, Partial<RequestFacts>, string]>([
    [
      'that is INACTIVE',
      { revision: revision({ active: false }) },
      'is INACTIVE: a service cannot take it; deploy its image from what runs now instead',
    ],
    [
      'of another family',
      { revision: revision({ family: 'other' }) },
      'is of the family other, the service runs acme-prod-orders',
    ],
    ['that ECS does not know', {}, 'is acme-prod-orders:7, which ECS does not know'],
    [
      'of another account',
      { account: '000022223333' },
      'is in account 000011112222 (aws), the service in 000022223333',
    ],
  ])('a revision %s', (_, facts, problem) => {
    expect(mistakes({ source: { kind: 'revision', arn: ARN } }, facts)).toEqual([`source.arn: ${problem}`]);
  });

  test('what is wrong in the running revision already is not asked of those who change something else', () => {
    const document = describedTaskDefinition({ cpu: '300', memory: '7' });
    const current = revision({ document });
    expect(mistakes({}, { current })).toEqual([]);
    expect(mistakes({ images: { app: NEW_IMAGE } }, { current })).toEqual([]);
    expect(mistakes({ patch: { cpu: '301' } }, { current })).toHaveLength(1);
  });
});
