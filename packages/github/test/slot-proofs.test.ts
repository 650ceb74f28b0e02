import { expect, it } from '@jest/globals';
import { slotProofs } from '../src/actions/slot-proofs.ts';
import { asking } from '../src/session/ask.ts';

const clock = { now: () => 0, sleep: async () => {} };
const change = async () => ({ kind: 'unknown' }) as const;
const PROOF = 'a1b2.1';

/** What a run of the workflow is answered as; each has a job that tells this fingerprint. */
function answersTo(ref: string, runs: readonly { readonly branch: string; readonly used: string }[]) {
  const listed = runs.map(({ branch }, id) => ({
    ...{ id, html_url: `https://github.example/runs/${id}`, display_title: PROOF },
    ...{ head_branch: branch, status: 'completed', conclusion: 'success' },
  }));
  const request = async (route: string, { run_id: id }: Readonly<Record<string, unknown>>) => {
    if (!route.endsWith('/jobs')) return { data: { workflow_runs: listed } };
    const name = `used-key ${runs[Number(id)]?.used}`;
    return { data: { jobs: [{ name, conclusion: 'success' }] } };
  };
  const probe = { repository: 'acme/orders', workflow: 'verify-slot.yml', ref };
  return slotProofs({ ask: asking(request, clock), change }, probe).answers([PROOF]);
}

it('believes no run of another branch, where whoever may push can have the workflow say what he likes', async () => {
  const forged = { branch: 'dev-eve', used: 'feedfeedfeed' };
  const ours = { branch: 'main', used: '0123456789ab' };
  expect(await answersTo('main', [forged])).toEqual({});
  for (const ref of ['main', 'refs/heads/main'])
    expect(await answersTo(ref, [forged, ours])).toMatchObject({ [PROOF]: { fingerprint: ours.used } });
});
