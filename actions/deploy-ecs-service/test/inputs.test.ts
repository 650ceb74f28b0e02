import { expect, test } from '@jest/globals';
import { ACME } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { readGiven } from '../src/request/read-given.ts';
import { givenAlone, givenContracted, runnerGiven } from './given.ts';

const CHANGE = { ...ACME, change: 'chg_01KB0000000000000000000000' };
const IMAGE = `registry.example/acme/proxy@sha256:${'5'.repeat(64)}`;

async function mistakesOf(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const thrown: unknown = await readGiven(runnerGiven(inputs)).catch((failure: unknown) => failure);
  expect(thrown).toMatchObject({ code: 'INPUTS_INVALID' });
  return (thrown as { details: readonly string[] }).details; // a Failure, as expected above
}

test('asks for nothing where nothing is given, without loading what reads it', async () => {
  const { serviceRequest, ...given } = await givenContracted({ ...CHANGE, mode: 'plan' });
  expect(given).toMatchObject({
    contract: 'signed',
    service: 'orders',
    'if-in-progress': 'fail',
    retention: 0,
  });
  expect(serviceRequest).toMatchObject({ source: { kind: 'running' }, migration: undefined });
});

test('reads what a deploy is asked for, in lines or in YAML', async () => {
  const { serviceRequest } = await givenContracted({
    ...CHANGE,
    mode: 'plan',
    'task-definition': 'deploy/task.yaml',
    images: `proxy=${IMAGE}`,
    'environment-variables': 'orders: { LEVEL: debug, OLD: null }\nproxy: { mode: remove, names: [LEVEL] }',
    secrets: 'orders:\n  mode: replace\n  values: { TOKEN: /acme/token }',
    'task-definition-patch': '{"containerDefinitions": {"orders": {"stopTimeout": 60}}}',
    'service-update': 'deploymentConfiguration: { maximumPercent: 150 }',
    tags: 'team=orders\ncost = a=b',
    'allow-unknown': 'containerDefinitions.newMember',
    migration: 'container: orders\ncommand: [node, migrate.js]',
  });
  expect(serviceRequest).toEqual({
    source: { kind: 'file', path: 'deploy/task.yaml' },
    request: {
      schemaVersion: 1,
      images: { proxy: IMAGE },
      environment: {
        orders: { mode: 'merge', values: { LEVEL: 'debug', OLD: null } },
        proxy: { mode: 'remove', names: ['LEVEL'] },
      },
      secrets: { orders: { mode: 'replace', values: { TOKEN: '/acme/token' } } },
      patch: { containerDefinitions: { orders: { stopTimeout: 60 } } },
      update: { deploymentConfiguration: { maximumPercent: 150 } },
      tags: { team: 'orders', cost: 'a=b' },
      allowUnknown: ['containerDefinitions.newMember'],
    },
    migration: { container: 'orders', command: ['node', 'migrate.js'], minutes: 15 },
    unplaced: [],
  });
});

test('tells every mistake at once, by its input and without its value', async () => {
  const mistakes = await mistakesOf({
    ...CHANGE,
    mode: 'plan',
    cluster: 'other',
    'if-in-progress': 'waits',
    'task-definition': '/etc/passwd',
    images: 'proxy=registry.example/acme/proxy:latest',
    'environment-variables': 'orders: { LEVEL: 3 }',
    secrets: 'orders: { TOKEN: "hunter two" }',
    'service-update': 'desiredCuont: 3',
    migration: 'command: migrate',
    resume: 'continue',
    colour: 'red',
  });
  expect(mistakes).toEqual([
    expect.stringMatching(/^cluster is given: remove it/),
    expect.stringMatching(/^if-in-progress is "waits": give one of/),
    expect.stringMatching(/^task-definition is /),
    expect.stringMatching(/^colour is not an input/),
    expect.stringMatching(/^images\.proxy: .*by its digest/),
    expect.stringMatching(/^environment-variables\.orders\.values\.LEVEL: .*in quotes/),
    expect.stringMatching(/^secrets\.orders\.values\.TOKEN: /),
    expect.stringMatching(/^migration\.container: is missing/),
    expect.stringMatching(/^migration\.command: /),
    expect.stringMatching(/^hook is missing/),
    expect.stringMatching(/^resume is given with mode plan/),
  ]);
  expect(mistakes.join()).not.toContain('hunter');
  expect(await mistakesOf({ ...CHANGE, mode: 'plan', 'service-update': 'desiredCuont: 3' })).toEqual([
    expect.stringContaining('service-update.desiredCuont: is not a known key; did you mean desiredCount?'),
  ]);
});

test('a value without its container says what to write in front, and does not repeat the value', async () => {
  const [variable, secret] = await mistakesOf({
    ...CHANGE,
    mode: 'plan',
    'environment-variables': 'LEVEL: hunter2',
    secrets: 'TOKEN: hunter2',
  });
  expect(variable).toMatch(/^environment-variables: LEVEL has no container; .*`orders: \{ LEVEL: … \}`/);
  expect(secret).toMatch(/^secrets: TOKEN has no container/);
  expect(`${variable}${secret}`).not.toContain('hunter2');
});

test('YAML that does not parse is told by its line', async () => {
  const [mistake] = await mistakesOf({
    ...CHANGE,
    mode: 'plan',
    'task-definition-patch': 'cpu: 256\nmemory: [1',
  });
  expect(mistake).toMatch(/^task-definition-patch: line 2, column \d+/);
});

test('a deploy of a change takes what was planned, and says so when an input asks for more', async () => {
  const asked = { images: `proxy=${IMAGE}`, 'service-update': 'enableExecuteCommand: false' };
  expect(await mistakesOf({ ...CHANGE, ...asked })).toEqual([
    expect.stringMatching(/^images, service-update are given with mode deploy/),
  ]);
});

test('what is only without a contract is refused by name in a delivery, and contradictions without one', async () => {
  expect(
    await mistakesOf({
      ...CHANGE,
      mode: 'plan',
      resolve: 'tag',
      'unused-images': 'leave-out',
      wait: 'false',
    }),
  ).toEqual([
    expect.stringMatching(/^resolve is "tag": remove it: the change brings the image/),
    expect.stringMatching(/^unused-images is "leave-out": remove it: the change brings one image/),
    expect.stringMatching(/^wait is "false": remove it: a delivery is followed/),
    expect.stringMatching(/^wait is false with mode plan/),
  ]);
  expect(await mistakesOf({ ...CHANGE, mode: 'plan', images: IMAGE })).toEqual([
    expect.stringMatching(/^images names no container: under a contract/),
  ]);
  const alone = { contract: 'none', service: 'web', resolve: 'tag', wait: 'false', revision: 'web:1' };
  expect(await mistakesOf({ ...alone, retention: '3', resume: 'continue', hook: 'h' })).toEqual([
    expect.stringMatching(/^resolve is tag and revision is given/),
    expect.stringMatching(/^wait is false and resume is given/),
    expect.stringMatching(/^wait is false and retention is given/),
  ]);
});

test('without a contract a service and its cluster are enough, and nothing of a contract may be given', async () => {
  const given = await givenAlone({ service: 'web', cluster: 'main', images: `web=${IMAGE}` });
  expect(given).toMatchObject({ contract: 'none', service: 'web', cluster: 'main', account: undefined });
  expect(
    await mistakesOf({ contract: 'none', tenant: 'acme', revision: 'web', 'task-definition': 'a.json' }),
  ).toEqual([
    expect.stringMatching(/^service is missing/),
    expect.stringMatching(/^tenant is given: remove it, or remove/),
    expect.stringMatching(/^revision is "web"/),
    expect.stringMatching(/^task-definition and revision are both given/),
  ]);
});
