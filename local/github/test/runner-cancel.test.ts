import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunEvent } from '../src/runner/index.ts';
import { CI, conclusionsOf, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const QUICK = { afterInterrupt: 150, afterTerminate: 150 };

/** Prints each signal that it gets and goes on. */
const STUBBORN = `node -e '
  for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => console.log(s));
  console.log("ready"); setInterval(() => {}, 1000)'`;

/** Does something when the run prints this line. */
function onLine(text: string, act: () => void): (event: RunEvent) => void {
  return (event) => {
    if (event.kind === 'line' && event.text === text) act();
  };
}

test('a cancelled step gets SIGINT, SIGTERM, SIGKILL; what is always() still runs, and so do post steps', async () => {
  const cancel = new AbortController();
  const result = await world.run(
    `on: push
jobs:
  work:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - { id: stubborn, run: ${JSON.stringify(STUBBORN)} }
      - { name: default, run: echo no }
      - { name: cleaning, if: always(), run: "echo \${{ job.status }}" }
      - { name: unless, if: "!cancelled()", run: echo no }
  next: { needs: work, runs-on: x, steps: [ { run: echo no } ] }
  settle: { needs: [work, next], if: always(), runs-on: x, steps: [ { run: "true" } ] }
`,
    { patience: QUICK, signal: cancel.signal, onEvent: onLine('ready', () => cancel.abort()) },
  );
  expect(linesOf(result, 'stubborn')).toEqual([
    'ready',
    'SIGINT',
    'SIGTERM',
    '##[error]The operation was canceled.',
  ]);
  const steps = Object.fromEntries(
    result.jobs[0]?.steps.map(({ name, conclusion }) => [name, conclusion]) ?? [],
  );
  expect(steps).toMatchObject({
    default: 'skipped',
    cleaning: 'success',
    unless: 'skipped',
    'Post Run actions/checkout@v4': 'success',
  });
  expect(linesOf(result, 'cleaning')).toEqual(['cancelled']);
  expect(conclusionsOf(result)).toEqual({ work: 'cancelled', next: 'skipped', settle: 'success' });
  expect(result.conclusion).toBe('cancelled');
});

test('the API cancels a run; a step and a job that ask to go on are left in peace', async () => {
  const repository = await world.repository({
    [CI]: `on: push
jobs:
  goes-on: { if: always(), runs-on: x, steps: [ { run: "echo ready; sleep 0.5; echo done", id: a } ] }
  step-goes-on: { runs-on: x, steps: [ { if: always(), run: "sleep 0.6; echo done", id: b }, { run: echo no } ] }
`,
  });
  const { github } = world;
  const { token } = github.addUser({ login: 'dev-ana', id: 200010 });
  const result = await world.run('', {
    repository,
    patience: QUICK,
    onEvent: onLine('ready', () => {
      const runId = github.world.repositories.get(repository)?.runs.at(-1)?.id;
      const headers = { authorization: `Bearer ${token}` };
      void fetch(`${github.apiUrl}/repos/${repository}/actions/runs/${runId}/cancel`, {
        method: 'POST',
        headers,
      });
    }),
  });
  expect(linesOf(result, 'a')).toEqual(['ready', 'done']);
  expect(linesOf(result, 'b')).toEqual(['done']);
  expect(conclusionsOf(result)).toEqual({ 'goes-on': 'success', 'step-goes-on': 'cancelled' });
  const again = await world.run('', { repository, rerunOf: result.runId });
  expect(conclusionsOf(again)).toEqual({ 'goes-on': 'success', 'step-goes-on': 'success' });
});

test('cancelAfterStep cancels the run between two steps', async () => {
  const result = await world.run(
    `on: push
jobs: { a: { runs-on: x, steps: [ { id: first, run: "true" }, { id: second, run: "true" } ] } }`,
    { cancelAfterStep: 'first' },
  );
  expect(result.jobs[0]?.steps.find(({ id }) => id === 'second')?.conclusion).toBe('skipped');
  expect(result.conclusion).toBe('cancelled');
});

test('a step that outlives its minutes has failed; a job that does is cancelled', async () => {
  const result = await world.run(
    `on: push
jobs:
  step: { runs-on: x, steps: [ { id: s, timeout-minutes: 1, continue-on-error: true, run: exec sleep 30 } ] }
  job: { runs-on: x, timeout-minutes: 2, steps: [ { run: exec sleep 30 }, { if: cancelled(), id: c, run: echo yes } ] }
`,
    { patience: QUICK, minute: 150 },
  );
  const [step] = result.jobs.filter(({ name }) => name === 'step');
  expect(step?.steps.find(({ id }) => id === 's')).toMatchObject({
    outcome: 'failure',
    conclusion: 'success',
  });
  expect(step?.annotations[0]?.message).toMatch(/has timed out after 1 minutes/);
  expect(linesOf(result, 'c')).toEqual(['yes']);
  expect(conclusionsOf(result)).toEqual({ step: 'success', job: 'cancelled' });
});

test('nothing that a step leaves running outlives its job', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ended = once(server, 'connection').then(([socket]) => once((socket as Socket).resume(), 'close')); // net gives sockets
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const result = await world.run(
    `on: push
jobs: { a: { runs-on: x, steps: [ { run: "exec 3<>/dev/tcp/127.0.0.1/${port}; sleep 600 > /dev/null 2>&1 & true", shell: bash } ] } }`,
  );
  await ended;
  server.close();
  expect(result.conclusion).toBe('success');
});

/** Runs of one repository whose job is in one concurrency group; the first ends when the others have come. */
async function compete(concurrency: string, count: number) {
  const repository = await world.repository({
    [CI]: `on: { workflow_dispatch: { inputs: { n: {} } } }
jobs:
  deploy:
    runs-on: x
    concurrency: ${concurrency}
    steps: [ { run: 'echo "began \${{ inputs.n }}"; until [ -e "$FOLDER/go" ]; do sleep 0.02; done' } ]
`,
  });
  const order: string[] = [];
  const folder = world.folder();
  const runs: ReturnType<RunnerWorld['run']>[] = [];
  let waiting = 0;
  const start = (n: number) => {
    const run = world.run('', {
      repository,
      event: 'workflow_dispatch',
      inputs: { n: String(n) },
      env: { FOLDER: folder },
      patience: QUICK,
      onEvent: (event) => {
        if (event.kind === 'line' && event.text === `began ${n}`) {
          order.push(event.text);
          if (n === 1) startNext();
        }
        if (event.kind === 'job-waiting') {
          waiting += 1;
          startNext();
        }
      },
    });
    runs.push(run);
  };
  let next = 1;
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const startNext = () => {
    next += 1;
    if (next <= count) start(next);
    else {
      world.touch(`${folder}/go`);
      resolve();
    }
  };
  start(1);
  await all;
  const results = await Promise.all(runs);
  return { conclusions: results.map(({ conclusion }) => conclusion), order, waiting };
}

test('in a concurrency group the newest waiting run replaces the one that waited before', async () => {
  const { conclusions, order } = await compete('{ group: prod }', 3);
  expect(conclusions).toEqual(['success', 'cancelled', 'success']);
  expect(order).toEqual(['began 1', 'began 3']);
});

test('with queue: max every run gets its turn, in the order of arrival', async () => {
  const { conclusions, order } = await compete('{ group: prod, queue: max }', 4);
  expect(conclusions).toEqual(['success', 'success', 'success', 'success']);
  expect(order).toEqual(['began 1', 'began 2', 'began 3', 'began 4']);
});

test("a workflow's own group covers the whole run, and a job that wants the same group is not left waiting for ever", async () => {
  const result = await world.run(
    `on: push
concurrency: one
jobs:
  plain: { runs-on: x, steps: [ { run: "true" } ] }
  same: { runs-on: x, concurrency: one, steps: [ { run: "true" } ] }
`,
  );
  expect(conclusionsOf(result)).toEqual({ plain: 'success', same: 'cancelled' });
  expect(result.jobs.at(-1)?.annotations[0]?.message).toMatch(/deadlock for concurrency group 'one'/);
});

test('with cancel-in-progress the newer run ends the older one', async () => {
  const { conclusions } = await compete('{ group: prod, cancel-in-progress: true }', 2);
  expect(conclusions).toEqual(['cancelled', 'success']);
});
