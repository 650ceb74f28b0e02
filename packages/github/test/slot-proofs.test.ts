import { expect, it } from '@jest/globals';
import { slotProofs } from '../src/actions/slot-proofs.ts';
import { githubAnswering } from './answering.ts';

const PROOF = 'a1b2.1';

/** What a run of the workflow is answered as; each has a job that tells this fingerprint. */
async function answersTo(ref: string, runs: readonly { readonly branch: string; readonly used: string }[]) {
  const listed = runs.map(({ branch }, id) => ({
    ...{ id, html_url: `https://github.example/runs/${id}`, display_title: PROOF },
    ...{ head_branch: branch, status: 'completed', conclusion: 'success' },
  }));
  const github = await githubAnswering(({ pathname }) => {
    const [, id] = /\/runs\/(\d+)\/jobs$/.exec(pathname) ?? [];
    if (id === undefined) return { body: { total_count: listed.length, workflow_runs: listed } };
    const job = { name: `used-key ${runs[Number(id)]?.used}`, conclusion: 'success' };
    return { body: { total_count: 1, jobs: [job] } };
  });
  const probe = { repository: 'acme/orders', workflow: 'verify-slot.yml', ref };
  const answers = await slotProofs(github.client, probe).answers([PROOF]);
  await github.close();
  return answers;
}

it('believes no run of another branch: who may push there can have the workflow say anything', async () => {
  const forged = { branch: 'dev-eve', used: 'feedfeedfeed' };
  const ours = { branch: 'main', used: '0123456789ab' };
  expect(await answersTo('main', [forged])).toEqual({});
  for (const ref of ['main', 'refs/heads/main'])
    expect(await answersTo(ref, [forged, ours])).toMatchObject({ [PROOF]: { fingerprint: ours.used } });
});
