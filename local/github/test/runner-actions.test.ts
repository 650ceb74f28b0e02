import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { actionFiles, CI, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const job = (steps: string) =>
  `on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.replace(/^/gm, '      ')}`;

test('an action runs before the first step, in its place, and after the last, and keeps its state', async () => {
  const result = await world.run(
    job(`- { uses: $/actions/witness, with: { what-to say: one } }
- { uses: $/actions/witness, with: { what-to say: two, undeclared: passed } }
- run: exit 1`),
    { files: await actionFiles('witness') },
  );
  const phases = result.jobs[0]?.steps.map(({ name, lines }) => [name, lines.at(-1)]);
  expect(phases).toEqual([
    ['Set up job', 'Complete job name: work'],
    ['Pre Run $/actions/witness', 'pre of one'],
    ['Pre Run $/actions/witness', 'pre of two'],
    ['Run $/actions/witness', 'undeclared: undefined'],
    ['Run $/actions/witness', 'undeclared: passed'],
    ['Run exit 1', '##[error]Process completed with exit code 1.'],
    ['Post Run $/actions/witness', 'post of two, main was "seen\\ntwice"'],
    ['Post Run $/actions/witness', 'post of one, main was "seen\\ntwice"'],
    ['Complete job', 'Cleaning up orphan processes'],
  ]);
  expect(linesOf(result, 'Run $/actions/witness')).toContain('main says one, begun in pre, in true');
  expect(result.jobs[0]?.annotations.map(({ message }) => message)).toContain(
    "Unexpected input(s) 'undeclared', valid inputs are ['what-to say', 'fail']",
  );
});

test('an input that is not given has its default, in which expressions count', async () => {
  const files = await actionFiles('witness');
  const result = await world.run(job('- { id: w, uses: $/actions/witness }\n- run: echo'), { files });
  expect(linesOf(result, 'w')[0]).toMatch(/^main says nothing from acme\/repository-\d+,/);
  expect(result.jobs[0]?.steps.find(({ id }) => id === 'w')?.outputs['said']).toMatch(/^nothing from acme/);
});

test('a composite action finds its siblings in its own repository, and gives outputs to the caller', async () => {
  const actions = await actionFiles('witness', 'wrap');
  const provider = await world.repository(actions, { owner: 'OWNER', visibility: 'public' });
  const result = await world.run(
    job(`- { id: wrap, uses: ${provider}/actions/wrap@main, with: { words: hello }, env: { OUTER: seen } }
- { id: after, run: "echo '\${{ steps.wrap.outputs.heard }}' '\${{ steps.wrap.outputs.place }}' '\${{ steps.inner }}'" }`),
  );
  expect(linesOf(result, 'after')).toEqual(['hello wrapped wrap ']);
  expect(result.jobs[0]?.log).toMatch(/from composite: seen \S+\/actions\/wrap$/m);
  expect(result.jobs[0]?.steps.map(({ name }) => name)).toContain('Post Run $/actions/witness');
});

test('a composite action stops at a failure, cleans up in `if: always()`, and fails for its caller', async () => {
  const composite = `name: Careful
description: Fails, then cleans up.
runs:
  using: composite
  steps:
    - { run: exit 1, shell: bash }
    - { run: echo not reached, shell: bash }
    - { run: echo cleaned up, shell: bash, if: always() }
`;
  const result = await world.run(job('- { uses: $/careful }\n- { id: next, run: echo next }'), {
    files: { 'careful/action.yml': composite },
  });
  expect(result.jobs[0]?.log).toContain('cleaned up');
  expect(result.jobs[0]?.log).not.toMatch(/^not reached$/m);
  expect(result.jobs[0]?.steps.find(({ id }) => id === 'next')?.conclusion).toBe('skipped');
});

test('an action of the workspace is there after checkout and not before', async () => {
  const files = await actionFiles('witness');
  const without = await world.run(job('- uses: ./actions/witness'), { files });
  expect(without.jobs[0]?.annotations[0]?.message).toMatch(/Did you forget to run actions\/checkout/);
  const result = await world.run(
    job('- uses: actions/checkout@v4\n- { id: w, uses: ./actions/witness, with: { what-to say: local } }'),
    { files },
  );
  expect(linesOf(result, 'w')[0]).toBe('main says local, begun undefined, in true'); // no pre for local actions
});

test('checkout puts the commit of the run into the workspace, and forgets its token at the end', async () => {
  const workflow = `on: push
permissions: { contents: read }
jobs:
  work:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with: { path: other, persist-credentials: false, fetch-depth: 0 }
      - id: look
        run: |
          git rev-parse HEAD; git branch --show-current; git status --porcelain; ls other
          git config --get-regexp extraheader | wc -l; git -C other config --get-regexp extraheader | wc -l
`;
  const repository = await world.repository({ [CI]: workflow, 'readme.md': 'x' });
  const result = await world.run(workflow, { repository });
  const [sha] = linesOf(result, 'look');
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  expect(linesOf(result, 'look').slice(1)).toEqual(['main', '?? other/', 'readme.md', '1', '0']);
});

test('checkout needs contents: read for its own private repository, and a token for any other', async () => {
  const other = await world.repository({ 'secret.txt': 'x' });
  const result = await world.run(
    `on: push
jobs:
  none: { runs-on: x, permissions: {}, steps: [ { uses: actions/checkout@v4 } ] }
  other: { runs-on: x, steps: [ { uses: actions/checkout@v4, with: { repository: ${other} } } ] }
`,
  );
  expect(result.jobs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure']);
  for (const { annotations } of result.jobs) expect(annotations[0]?.message).toMatch(/^Not Found/);
});

test('inside composite actions pre and post steps run too, each for its own use', async () => {
  const outer = `name: Outer
description: Wraps the wrapper, twice.
runs:
  using: composite
  steps:
    - { uses: $/actions/wrap, with: { words: first } }
    - { uses: $/actions/wrap, with: { words: second } }
`;
  const files = { ...(await actionFiles('witness', 'wrap')), 'outer/action.yml': outer };
  const result = await world.run(job('- uses: $/outer'), { files });
  const said = result.jobs[0]?.log.split('\n').filter((line) => /^(pre|main|post) /.test(line));
  expect(said).toEqual([
    'pre of first wrapped',
    'pre of second wrapped',
    'main says first wrapped, begun in pre, in true',
    'main says second wrapped, begun in pre, in true',
    'post of second wrapped, main was "seen\\ntwice"',
    'post of first wrapped, main was "seen\\ntwice"',
  ]);
});

const UPLOAD = 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a';

test('files that a step left are uploaded by name, once, below the folder that they have in common', async () => {
  const result = await world.run(
    job(`- run: mkdir -p out/deep && echo one > out/a.txt && echo two > out/deep/b.txt
- { uses: ${UPLOAD}, with: { name: report, path: "out/a.txt\\nout/deep" } }
- { uses: ${UPLOAD}, with: { name: nothing, path: absent, if-no-files-found: ignore } }
- { uses: ${UPLOAD}, with: { name: report, path: out } }`),
  );
  const [name, files] = [...result.artifacts][0] ?? ['', new Map<string, Uint8Array>()];
  expect([result.artifacts.size, name, ...files.keys()]).toEqual([1, 'report', 'a.txt', 'deep/b.txt']);
  expect(Buffer.from(files.get('a.txt') ?? '').toString()).toBe('one\n');
  expect(result.jobs[0]?.annotations.map(({ message }) => message)).toEqual([
    expect.stringContaining('an artifact with this name already exists on the workflow run: report'),
  ]);
});
