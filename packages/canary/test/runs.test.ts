import { expect, it } from '@jest/globals';
import type { People } from '../src/people.ts';
import { runsOf } from '../src/runs.ts';

it('waits for the end of what it cancels, also when it was interrupted', async () => {
  const states = ['in_progress', 'in_progress', 'completed'];
  const actions = {
    listWorkflowRunsForRepo: async () => ({
      data: { workflow_runs: [{ id: 7, status: 'in_progress', head_sha: 'a' }] },
    }),
    cancelWorkflowRun: async () => {},
    getWorkflowRun: async () => ({ data: { status: states.shift() } }),
  };
  const client = { rest: { actions } } as unknown as People['sre']; // nothing else is asked
  const service = { owner: 'acme', repo: 'orders' };
  const signal = AbortSignal.abort();
  const people = { author: client, sre: client, reviewers: [] };
  const runs = runsOf(people, { places: { service, operations: service }, every: 1, signal });
  await runs.cancel(['a']);
  expect(states).toEqual([]);
});
