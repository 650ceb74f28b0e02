import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { conclusionsOf, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const jobs = (text: string) => `on: push\njobs:\n${text.replace(/^/gm, '  ')}`;

test('outputs pass from step to job to the jobs that need it; what holds a secret or is empty is dropped', async () => {
  const result = await world.run(
    jobs(`make:
  runs-on: x
  outputs:
    plain: \${{ steps.s.outputs.plain }}
    secret: "key=\${{ steps.s.outputs.secret }}"
    masked: \${{ steps.s.outputs.masked }}
    empty: \${{ steps.s.outputs.none }}
  steps:
    - id: s
      env: { KEY: "\${{ secrets.KEY }}" }
      run: |
        echo "plain=eu-west-1" >> "$GITHUB_OUTPUT"; echo "secret=$KEY" >> "$GITHUB_OUTPUT"
        echo "::add-mask::abcdef"; echo "masked=abcdef" >> "$GITHUB_OUTPUT"
use:
  needs: make
  runs-on: x
  steps: [ { id: s, run: "echo '\${{ toJSON(needs.make.outputs) }}'" } ]`),
    { secrets: { KEY: 'hunter22' } },
  );
  expect(JSON.parse(linesOf(result, 's', 'use').join('\n'))).toEqual({ plain: 'eu-west-1' });
  expect(result.jobs[0]?.annotations.map(({ message }) => message)).toEqual([
    "Skip output 'secret' since it may contain secret.",
    "Skip output 'masked' since it may contain secret.",
  ]);
});

test('a skipped or failed job keeps every later job from running, unless its condition says otherwise', async () => {
  const work = 'runs-on: x, steps: [ { run: "true" } ]';
  const result = await world.run(
    jobs(`skipped: { if: "false", ${work} }
broken: { runs-on: x, steps: [ { run: "false" } ] }
after-skipped: { needs: skipped, ${work} }
after-both: { needs: [skipped, broken], if: "always() && needs.broken.result == 'failure'", ${work} }
third: { needs: after-both, ${work} }
on-failure: { needs: after-both, if: failure(), ${work} }
not-cancelled: { needs: third, if: "!cancelled()", ${work} }`),
  );
  expect(conclusionsOf(result)).toEqual({
    skipped: 'skipped',
    broken: 'failure',
    'after-skipped': 'skipped',
    'after-both': 'success',
    third: 'skipped',
    'on-failure': 'success',
    'not-cancelled': 'success',
  });
  expect(result.conclusion).toBe('failure');
});

test('a job that may fail does not fail the run, and counts as success to those that need it', async () => {
  const result = await world.run(
    jobs(`may: { runs-on: x, continue-on-error: true, steps: [ { run: "false" } ] }
next: { needs: may, runs-on: x, steps: [ { run: "true" } ] }`),
  );
  expect(conclusionsOf(result)).toEqual({ may: 'failure', next: 'success' });
  expect(result.conclusion).toBe('success');
});

test('a matrix from an output makes one job a combination, with what include adds and exclude takes', async () => {
  const result = await world.run(
    jobs(`list:
  runs-on: x
  outputs: { m: "\${{ steps.s.outputs.m }}" }
  steps: [ { id: s, run: "echo 'm=[\\"eu\\",\\"us\\"]' >> $GITHUB_OUTPUT" } ]
each:
  needs: list
  runs-on: x
  strategy:
    max-parallel: 2
    matrix:
      region: \${{ fromJSON(needs.list.outputs.m) }}
      size: [1, 2]
      exclude: [ { region: us, size: 1 } ]
      include: [ { region: eu, colour: red }, { region: ap, size: 9 } ]
  outputs: { last: "\${{ matrix.region }}" }
  steps: [ { run: "echo \${{ matrix.size == 1 }} \${{ strategy.job-total }}" } ]`),
  );
  expect(result.jobs.map(({ name }) => name).sort()).toEqual([
    'each (ap, 9)',
    'each (eu, 1, red)',
    'each (eu, 2, red)',
    'each (us, 2)',
    'list',
  ]);
  expect(result.jobs.find(({ name }) => name === 'each (eu, 1, red)')?.log).toMatch(/^true 4$/m);
  expect(result.needs['each']?.result).toBe('success');
});

test('when one leg of a matrix fails the others are cancelled, unless fail-fast is off', async () => {
  const legs = (failFast: boolean) =>
    jobs(`leg:
  runs-on: x
  strategy: { fail-fast: ${failFast}, matrix: { n: [1, 2] } }
  steps:
    - run: if [ \${{ matrix.n }} = 1 ]; then exit 1; fi; sleep ${failFast ? 30 : 0.1}`);
  const patience = { afterInterrupt: 50, afterTerminate: 50 };
  expect(conclusionsOf(await world.run(legs(true), { patience }))).toEqual({
    'leg (1)': 'failure',
    'leg (2)': 'cancelled',
  });
  expect(conclusionsOf(await world.run(legs(false)))).toEqual({ 'leg (1)': 'failure', 'leg (2)': 'success' });
});

test('a job that needs nothing of another runs beside it', async () => {
  const meet = (own: string, other: string) =>
    `{ runs-on: x, timeout-minutes: 1, steps: [ { run: "touch $MEET/${own}; until [ -e $MEET/${other} ]; do sleep 0.02; done" } ] }`;
  const folder = world.folder();
  const result = await world.run(jobs(`a: ${meet('a', 'b')}\nb: ${meet('b', 'a')}`), {
    env: { MEET: folder },
    minute: 5_000,
  });
  expect(conclusionsOf(result)).toEqual({ a: 'success', b: 'success' });
});

test('the API shows runs, jobs and steps as they ended', async () => {
  const events: string[] = [];
  const result = await world.run(
    `name: Deliver\nrun-name: Deliver by \${{ github.actor }}\non: push\njobs: { one: { runs-on: ubuntu-24.04, steps: [ { name: Fail, run: "false" } ] } }`,
    { onEvent: ({ kind }) => events.push(kind) },
  );
  const { github } = world;
  const { token } = github.addUser({ login: 'dev-ana', id: 200010 });
  const repository = [...github.world.repositories.values()].at(-1)?.fullName;
  const get = async (path: string): Promise<unknown> =>
    (
      await fetch(`${github.apiUrl}/repos/${repository}/actions/runs/${result.runId}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).json();
  expect(await get('')).toMatchObject({
    name: 'Deliver',
    display_title: 'Deliver by dev-ana',
    status: 'completed',
    conclusion: 'failure',
    run_attempt: 1,
    actor: { id: 200010 },
    triggering_actor: { id: 200010 },
  });
  expect(await get('/jobs')).toMatchObject({
    jobs: [
      {
        name: 'one',
        conclusion: 'failure',
        labels: ['ubuntu-24.04'],
        steps: [
          { name: 'Set up job', number: 1, conclusion: 'success' },
          { name: 'Fail', number: 2, conclusion: 'failure' },
          { name: 'Complete job', number: 3, conclusion: 'success' },
        ],
      },
    ],
  });
  expect(events.filter((kind) => /^(run|job)/.test(kind))).toEqual([
    'run-started',
    'job-queued',
    'job-started',
    'job-finished',
    'run-finished',
  ]);
});

test('running again is the next attempt of the same run, at its commit, by the person who asked', async () => {
  const workflow = jobs(
    `a: { runs-on: x, steps: [ { id: s, run: "echo $GITHUB_RUN_ATTEMPT $GITHUB_ACTOR $GITHUB_TRIGGERING_ACTOR" } ] }`,
  );
  const first = await world.run(workflow);
  const repository = [...world.github.world.repositories.values()].at(-1)?.fullName ?? '';
  const second = await world.run(workflow, { repository, rerunOf: first.runId, triggeringActor: 'lead-ben' });
  expect(second.runId).toBe(first.runId);
  expect(linesOf(second, 's')).toEqual(['2 dev-ana lead-ben']);
});

test('a job needs another one by its id, regardless of case', async () => {
  const result = await world.run(
    jobs(`Build:
  runs-on: x
  outputs: { image: one }
  steps: [ { run: "true" } ]
after: { needs: [BUILD], runs-on: x, steps: [ { id: s, run: "echo \${{ needs.build.outputs.image }}" } ] }`),
  );
  expect(conclusionsOf(result)).toEqual({ Build: 'success', after: 'success' });
  expect(linesOf(result, 's', 'after')).toEqual(['one']);
});
