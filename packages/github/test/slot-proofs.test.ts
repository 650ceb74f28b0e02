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

it('looks for an answer on three pages of runs and no further, and stops where it has all', async () => {
  const run = (id: number, title: string) => ({
    ...{ id, html_url: `https://github.example/runs/${id}`, display_title: title },
    ...{ head_branch: 'main', status: 'completed', conclusion: 'failure' },
  });
  const at = async (page: number) => {
    const github = await githubAnswering(({ searchParams }) => {
      const turned = Number(searchParams.get('page') ?? 1);
      const link = `<${github.url}/repos/acme/orders/actions/workflows/w.yml/runs?page=${turned + 1}>; rel="next"`;
      const runs = [run(turned, turned === page ? PROOF : 'another')];
      return { headers: { link }, body: { total_count: 1000, workflow_runs: runs } };
    });
    const probe = { repository: 'acme/orders', workflow: 'w.yml', ref: 'main' };
    const answers = await slotProofs(github.client, probe).answers([PROOF]);
    await github.close();
    return [Object.keys(answers), github.asked.length];
  };
  expect([await at(1), await at(3), await at(4)]).toEqual([
    [[PROOF], 1],
    [[PROOF], 3],
    [[], 3],
  ]);
});

it('has no answer where there is no such workflow, and says so when asked for it', async () => {
  const github = await githubAnswering(() => ({ status: 404, body: { message: 'Not Found' } }));
  const proofs = slotProofs(github.client, { repository: 'acme/orders', workflow: 'w.yml', ref: 'main' });
  expect([await proofs.answers([PROOF]), await proofs.isThere()]).toEqual([{}, false]);
  expect(await proofs.ask('A', PROOF)).toMatchObject({ kind: 'refused', status: 404 });
  await github.close();
});
