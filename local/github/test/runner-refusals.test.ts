import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Problem, type RunOptions, RunRefused } from '../src/runner/index.ts';
import { actionFiles, CI, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

/** What was said against it; nothing may have run. */
async function problems(
  workflow: string,
  options: Partial<RunOptions> & { files?: Readonly<Record<string, string>> } = {},
): Promise<readonly Problem[]> {
  const events: unknown[] = [];
  const refused: unknown = await world
    .run(workflow, { ...options, onEvent: (each) => events.push(each) })
    .catch((cause: unknown) => cause);
  expect(events).toEqual([]);
  if (!(refused instanceof RunRefused)) throw new Error('Nothing was refused.');
  return refused.problems;
}

const steps = (text: string) => `on: push
jobs:
  work:
    runs-on: x
    steps:
${text.replace(/^/gm, '      ')}`;

test('jobs that have nothing to do are refused together, as GitHub words it', async () => {
  const found = await problems(`on: push
jobs:
  a: { runs-on: x }
  b: { runs-on: x, steps: [] }
  c: { runs-on: x, steps: [ { run: "true" } ] }
`);
  expect(found.map(({ message }) => message)).toEqual([
    'No steps defined in `steps` and no workflow called in `uses` for the following jobs: a, b',
  ]);
});

test('every mistake in a workflow is told at once, each with file, line and column', async () => {
  const found = await problems(`on: push
permissions: { contents: write, contants: read }
jobs:
  a:
    runs-on: x
    needs: nobody
    steps:
      - run: echo \${{ nothing.x }}
        if: secrets.X
  b: { runs-on: x, steps: [ { run: "true", shel: bash } ] }
`);
  expect(found.map(({ file, line, column, message }) => [file, line, column, message])).toEqual(
    expect.arrayContaining([
      [CI, 2, 33, "Unexpected value 'contants'"],
      [CI, 6, 12, "Job 'a' depends on unknown job 'nobody'."],
      [CI, 8, 19, "Unrecognized named-value: 'nothing'"],
      [CI, 9, 13, "Unrecognized named-value: 'secrets'"],
      [CI, 10, 44, "Unexpected value 'shel'"],
    ]),
  );
});

test('a file that is not YAML gets one message, at the place where it stops being YAML', async () => {
  const found = await problems('on: push\njobs:\n  a: { runs-on: x, steps: [ { run: "a" "b" } ] }\n');
  expect(found).toMatchObject([{ file: CI, line: 3, column: 40 }]);
});

test('an alias without an anchor is refused at its place', async () => {
  const found = await problems(
    'on: push\njobs:\n  a: { runs-on: x, env: *none, steps: [ { run: "true" } ] }\n',
  );
  expect(found).toContainEqual({ file: CI, line: 3, column: 25, message: "Unresolved alias 'none'" });
});

test('third-party and docker actions, unknown versions and other shells are refused by name and place', async () => {
  const found = await problems(
    steps(`- uses: actions/setup-go@v4
- uses: docker://alpine:3
- uses: acme/absent@v1
- uses: $/actions/nothing
- uses: ./later
- { run: dir, shell: pwsh }
- uses: $/old
- uses: $/broken`),
    {
      files: {
        'old/action.yml': 'name: Old\ndescription: d\nruns: { using: node20, main: x.js }\n',
        'broken/action.yml':
          'name: B\ndescription: d\nruns:\n  using: composite\n  steps:\n    - { run: x, if: secrets.X }\n',
      },
    },
  );
  expect(found.map(({ line, message }) => [line, message])).toEqual([
    [6, expect.stringMatching(/`actions\/setup-go@v4` is not supported/)],
    [7, expect.stringMatching(/Docker actions are not supported: `docker:\/\/alpine:3`/)],
    [8, expect.stringMatching(/`acme\/absent@v1` is not supported/)],
    [9, expect.stringMatching(/no action.yml in actions\/nothing/)],
    [11, expect.stringMatching(/'pwsh' is not supported/)],
    [12, expect.stringMatching(/runs with 'node20'/)],
    [6, expect.stringContaining('shell')],
    [6, expect.stringContaining("'secrets'")],
  ]);
  expect(found.at(-1)?.file).toMatch(/^acme\/repository-\d+\/broken\/action.yml@refs\/heads\/main$/);
});

test('a called job that needs more than its caller grants makes the run invalid, over any depth', async () => {
  const files = {
    '.github/workflows/outer.yml': `on: workflow_call
permissions: { contents: read, id-token: write }
jobs: { mid: { permissions: { contents: read, id-token: write }, uses: ./.github/workflows/inner.yml } }`,
    '.github/workflows/inner.yml': `on: workflow_call
jobs: { leaf: { runs-on: x, permissions: { id-token: write, contents: write }, steps: [ { run: "true" } ] } }`,
  };
  const call = (permissions: string) => `on: push
permissions: ${permissions}
jobs: { call: { uses: ./.github/workflows/outer.yml } }`;
  expect((await problems(call('{}'), { files })).map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      "Error calling workflow './.github/workflows/outer.yml'. The nested job 'mid' is requesting 'contents: read', but is only allowed 'contents: none'.",
      "Error calling workflow './.github/workflows/outer.yml'. The nested job 'mid' is requesting 'id-token: write', but is only allowed 'id-token: none'.",
    ]),
  );
  expect(await problems(call('write-all'), { files })).toEqual([
    expect.objectContaining({
      file: expect.stringContaining('inner.yml'),
      line: 2,
      message:
        "Error calling workflow './.github/workflows/inner.yml'. The nested job 'leaf' is requesting 'contents: write', but is only allowed 'contents: read'.",
    }),
  ]);
});

test('a call must fit the called workflow: names, types of literals, required inputs and secrets', async () => {
  const called = `on:
  workflow_call:
    inputs: { count: { type: number, required: true }, flag: { type: boolean }, name: { type: string, required: true } }
    secrets: { key: { required: true } }
jobs: { a: { runs-on: x, steps: [ { run: "true" } ] } }`;
  const found = await problems(
    `on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: { count: abc, flag: "yes", extra: 1 }
    secrets: { kee: x }
`,
    { files: { '.github/workflows/called.yml': called } },
  );
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Input 'count' is a number; 'abc' is not/),
    expect.stringMatching(/^Input 'flag' is a boolean; 'yes' is not/),
    "Input 'extra' is not defined in the called workflow.",
    "Input 'name' is required, but not provided.",
    "Secret 'kee' is not defined in the called workflow.",
    "Secret 'key' is required, but not provided.",
  ]);
});

test("another owner's private repository lends neither workflows nor actions", async () => {
  const provider = await world.repository(await actionFiles('witness'), { owner: 'OWNER' });
  const found = await problems(steps(`- uses: ${provider}/actions/witness@main`));
  expect(found[0]?.message).toMatch(/private repository of another owner/);
});

test('an event, a ref and people that do not fit are told before anything runs', async () => {
  const workflow = `on: { push: { branches: ["release/**", "!release/old"] }, pull_request: { types: [closed] } }
jobs: { a: { runs-on: x, steps: [ { run: "true" } ] } }`;
  expect((await problems(workflow))[0]).toMatchObject({
    line: 1,
    message: expect.stringContaining('include main'),
  });
  expect((await problems(workflow, { event: 'schedule' }))[0]?.message).toMatch(/no 'schedule' trigger/);
  expect(
    (await problems(workflow, { event: 'pull_request', payload: { action: 'opened' } }))[0]?.message,
  ).toMatch(/is for closed, not for opened/);
  const payload = { action: 'closed', pull_request: { head: { repo: { full_name: 'stranger/fork' } } } };
  expect(
    (await problems(workflow, { event: 'pull_request', payload })).map(({ message }) => message),
  ).toContainEqual(expect.stringMatching(/^The pull request's head lies in stranger\/fork\. Open it here/));
  const who = await problems(workflow, { actor: 'nobody', approveAs: 'no-one', ref: 'refs/heads/none' });
  expect(who.map(({ message }) => message)).toEqual([
    'There is no user nobody.',
    'There is no user no-one.',
    expect.stringMatching(/has no ref refs\/heads\/none\.$/),
  ]);
});

test('inputs of a dispatch are checked together: names, types, choices, what is required', async () => {
  const workflow = `on:
  workflow_dispatch:
    inputs:
      target: { type: choice, options: [dev, prod], required: true }
      dry-run: { type: boolean, default: true }
      count: { type: number }
      reason: { type: string, required: true }
jobs: { a: { runs-on: x, steps: [ { id: s, run: "echo" } ] } }`;
  const found = await problems(workflow, {
    event: 'workflow_dispatch',
    inputs: { target: 'test', 'dry-run': 'perhaps', count: 'x', wrong: 1 },
  });
  expect(found.map(({ message }) => message)).toEqual([
    "Input 'wrong' is not defined by the workflow. It has: target, dry-run, count, reason.",
    "Input 'target' is 'test'; it must be one of: dev, prod.",
    "Input 'dry-run' is 'perhaps'; it must be true or false.",
    "Input 'count' is 'x'; it must be a number.",
    "Input 'reason' is required; it was not given.",
  ]);
});

test('a workflow that calls itself, in whatever round, is refused', async () => {
  const files = {
    '.github/workflows/a.yml': 'on: workflow_call\njobs: { b: { uses: ./.github/workflows/b.yml } }',
    '.github/workflows/b.yml': 'on: workflow_call\njobs: { a: { uses: ./.github/workflows/a.yml } }',
  };
  const found = await problems('on: push\njobs: { call: { uses: ./.github/workflows/a.yml } }', { files });
  expect(found[0]?.message).toBe('`./.github/workflows/a.yml` calls itself.');
});

test('ids of steps that differ by case alone are the same id, also inside a composite action', async () => {
  const found = await problems(
    `on: push
jobs:
  work:
    runs-on: x
    steps:
      - { id: build, run: "true" }
      - { id: Build, run: "true" }
      - uses: $/both
`,
    {
      files: {
        'both/action.yml':
          'name: B\ndescription: d\nruns:\n  using: composite\n  steps:\n    - { id: a, run: x, shell: bash }\n    - { id: A, run: x, shell: bash }\n',
      },
    },
  );
  const said = (id: string) => `The identifier '${id}' may not be used more than once within the same scope.`;
  expect(found.map(({ line, message }) => [line, message])).toEqual([
    [7, said('Build')],
    [7, said('A')],
  ]);
});

test('ids of jobs that differ by case alone are refused, as every key of a map is', async () => {
  const job = '{ runs-on: x, steps: [{ run: "true" }] }';
  const found = await problems(`on: push\njobs:\n  build: ${job}\n  after: ${job}\n  Build: ${job}\n`);
  expect(found.map(({ line, message }) => [line, message])).toEqual([[5, "'Build' is already defined"]]);
});
