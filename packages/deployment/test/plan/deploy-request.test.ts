import { expect, test } from '@jest/globals';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { DeployRequest } from '../../src/plan/deploy-request.ts';
import { NOTHING_ASKED } from '../../src/plan/nothing-asked.ts';

const IMAGE = `registry.example:5000/acme/orders@sha256:${'b'.repeat(64)}`;
const REVISION = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7';

function mistakes(more: Readonly<Record<string, unknown>>): readonly string[] {
  const read = parseDocument(DeployRequest, { ...NOTHING_ASKED, ...more });
  return 'document' in read ? [] : read.mistakes.map(describeMistake);
}

test('a request that asks for everything is read as it was written', () => {
  const asked = {
    ...NOTHING_ASKED,
    source: { kind: 'document', file: 'task.yaml', document: { family: 'a', volumes: [] } },
    images: { app: IMAGE },
    environment: { app: { mode: 'merge', values: { EMPTY: '', GONE: null } } },
    secrets: {
      app: {
        mode: 'replace',
        values: { DB: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:db-a1:key::' },
      },
      proxy: { mode: 'remove', names: ['OLD'] },
    },
    patch: { containerDefinitions: { proxy: null, app: { cpu: 0 } } },
    tags: { owner: '' },
    update: { healthCheckGracePeriodSeconds: 0 },
  };
  expect(parseDocument(DeployRequest, asked)).toEqual({ document: asked });
});

test('names every mistake of a request, a tag with what to write instead', () => {
  const found = mistakes({
    source: { kind: 'revision', arn: 'acme-prod-orders:7' },
    images: {
      app: 'registry.example/acme/orders:1.2',
      'b, c': IMAGE,
      d: `registry.example/acme/orders:1@${IMAGE.split('@')[1]}`,
    },
    environment: { app: { mode: 'append' }, proxy: { mode: 'merge', values: { 'A = b': 'c' } } },
    tags: { 'aws:x': '1' },
    imagse: {},
  });
  expect(found.map((mistake) => mistake.split(':')[0])).toEqual([
    'source.arn',
    'images.app',
    'images.b, c',
    'images.d',
    'environment.app.mode',
    'environment.proxy.values.A = b',
    'tags.aws',
    'imagse',
  ]);
  expect(found[1]).toContain(
    'is "registry.example/acme/orders:1.2"; must be an image by its digest: repository@sha256:…',
  );
  expect(found.at(-1)).toContain('did you mean images?');
});

test('a revision is deployed as it is: each change beside it is refused', () => {
  const found = mistakes({
    source: { kind: 'revision', arn: REVISION },
    images: { app: IMAGE },
    patch: { cpu: '256' },
  });
  expect(found.map((mistake) => mistake.split(':')[0])).toEqual(['images', 'patch']);
  expect(
    mistakes({ source: { kind: 'revision', arn: REVISION }, update: { forceNewDeployment: true } }),
  ).toEqual([]);
});

test("no mistake repeats a value of a variable, or what was written in place of a secret's name", () => {
  const secret = 'hunter2 hunter2';
  const found = mistakes({
    environment: { app: { mode: 'merge', values: { A: [secret], B: 42_4242 } } },
    secrets: { app: { mode: 'replace', values: { C: secret, D: { secret } } } },
  });
  expect(found).toHaveLength(4);
  expect(found.join('\n')).not.toMatch(/hunter2|424242/);
});

test('a name that JavaScript keeps for itself is refused, not left out', () => {
  const values: unknown = JSON.parse('{"__proto__": "1"}');
  expect(mistakes({ environment: { app: { mode: 'merge', values } } })).toHaveLength(1);
});
