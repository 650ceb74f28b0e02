import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { authorOf, push } from '@tenant-delivery/local-github/world/activity';
import { decide } from '@tenant-delivery/local-github/world/approval';
import { environmentOf } from '@tenant-delivery/local-github/world/environment';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { addUser, userNamed } from '@tenant-delivery/local-github/world/user';
import { beginRun, expectRefusedUnrecorded, type PlayedRun, succeeded } from '../stage/played-run.ts';
import { acmeWith, openStage } from '../stage/stage.ts';

/*
 * People and bots who try to approve alone what they asked for, on a GitHub that tells what GitHub tells. The contract
 * lists Dependabot.
 */
const DEPENDABOT = 49_699_333;
const TOKEN_BOT = 'github-actions[bot]';

let stage: Stage;
beforeAll(async () => {
  const contracts = acmeWith('decoy', 'bots', 'merged').map((contract) => {
    const { prod } = contract.environments;
    if (contract.id !== 'acme' || !prod) return contract;
    const approval = { ...prod.approval, bots: [DEPENDABOT] };
    return { ...contract, environments: { ...contract.environments, prod: { ...prod, approval } } };
  });
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
  addUser(world(), { login: 'dependabot[bot]', id: DEPENDABOT, type: 'Bot' });
}, 60_000);
afterAll(() => stage.platform.close());

const world = () => stage.platform.github.world;
const orders = () => repositoryNamed(world(), 'acme/orders');

/** A commit that somebody wrote and pushed to main. */
const pushed = (login: string, version: string, branch = 'main', by = login) =>
  push(world(), orders(), {
    branch,
    from: 'main',
    files: { VERSION: `${version}\n` },
    message: version,
    author: authorOf(userNamed(world(), login)),
    by,
  });

/** A review of another job of the run that waits in the same environment: all that GitHub keeps of it. */
function approveDecoy({ run }: PlayedRun, login: string): void {
  const environments = [environmentOf(world(), orders(), 'acme-prod-approval')];
  decide(run, {
    state: 'approved',
    comment: 'The notes are fine.',
    environments,
    user: userNamed(world(), login),
  });
}

const begin = (service: string, actor = 'dev-ana') => beginRun(stage.platform, { service, actor });

describe('a decoy job in the environment of the approval', () => {
  let run: PlayedRun;
  let change: string;
  beforeAll(async () => {
    await pushed('sre-kim', '3.0.0');
    run = await begin('decoy');
    change = await run.plan();
  }, 30_000);

  it('lends nobody its approver: who wrote the commit does not release the plan', async () => {
    approveDecoy(run, 'lead-ben');
    const played = await run.approve(change, 'sre-kim');
    expectRefusedUnrecorded(played, 'APPROVAL_AMBIGUOUS', /sre-kim wrote or committed [0-9a-f]{12}/);
  }, 30_000);

  it('does no harm when everybody who approved in the run could approve the plan', async () => {
    const honest = await begin('decoy');
    const planned = await honest.plan();
    approveDecoy(honest, 'lead-ben');
    succeeded(await honest.approve(planned, 'lead-ben'));
  }, 30_000);
});

describe('a bot in front of a person', () => {
  it('that is the bot of the token commits nothing that anybody approves', async () => {
    await pushed(TOKEN_BOT, '3.1.0');
    const run = await begin('bots');
    const played = await run.approve(await run.plan());
    expectRefusedUnrecorded(
      played,
      'BOT_NOT_LISTED',
      /github-actions\[bot\] \(41898282\) wrote or committed/,
    );
  }, 30_000);

  it('that is the bot of the token gets no role to approve or deploy with, whatever our own code would say', async () => {
    const run = await begin('bots', TOKEN_BOT);
    const change = 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const approved = await run.step('approve', 'approve-change', { changes: change });
    expectRefusedUnrecorded(approved, 'ROLE_NOT_ASSUMED', 'td-prod-approve');
    expect(approved.lines.join('\n')).toContain('actor_id: 41898282, github-actions[bot]');
    expectRefusedUnrecorded(await run.deploy(change), 'ROLE_NOT_ASSUMED', 'td-prod-deploy');
  }, 30_000);
});

describe('what a listed bot wrote', () => {
  const merge = async (version: string, by: string): Promise<void> => {
    await pushed('dependabot[bot]', version, `bump-${version}`);
    const pull = await stage.platform.github.openPullRequest({
      repository: 'acme/orders',
      head: `bump-${version}`,
      user: 'dependabot[bot]',
      title: `Bump to ${version}`,
    });
    expect(await mergePullRequest(world(), pull, { by, method: 'squash' })).toEqual(expect.any(String));
  };

  it('is not approved by who merged it, though no commit names them', async () => {
    await merge('3.2.0', 'lead-ben');
    const run = await begin('merged');
    const played = await run.approve(await run.plan(), 'lead-ben');
    const said = /lead-ben merged or pushed [0-9a-f]{12}, which dependabot\[bot\] wrote/;
    expectRefusedUnrecorded(played, 'APPROVALS_MISSING', said);
  }, 30_000);

  it('is approved by somebody else, with what a job of the delivery may read', async () => {
    await merge('3.3.0', 'dev-ana');
    const run = await begin('merged');
    succeeded(await run.approve(await run.plan(), 'lead-ben'));
  }, 30_000);
});

describe("what a person pushed under somebody else's name", () => {
  it('is not approved by who pushed it', async () => {
    await pushed('dev-ana', '3.4.0', 'main', 'lead-ben');
    const run = await begin('merged');
    const played = await run.approve(await run.plan(), 'lead-ben');
    expectRefusedUnrecorded(played, 'APPROVALS_MISSING', /lead-ben merged or pushed [0-9a-f]{12}/);
  }, 30_000);
});
