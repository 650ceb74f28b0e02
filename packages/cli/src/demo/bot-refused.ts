import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { pushCommit } from '@tenant-delivery/local-github/world/activity';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { errorsOf, logOf, notApproved, statesOf } from './decoy-refused.ts';
import type { Stage } from './stage.ts';

const BOT = 'github-actions[bot]';

/** A person who has a bot commit, or start the run, would approve alone what they wrote. */
export async function botRefused(stage: Stage): Promise<void> {
  const { claims, terminal, platform } = stage;
  const { world } = platform.github;
  const repository = repositoryNamed(world, 'acme/orders');
  const main = (await resolveCommit(repository.path, 'refs/heads/main')) ?? '';
  const deliver = (actor: string) =>
    stage.run({
      repository: 'acme/orders',
      workflow: '.github/workflows/deliver.yml',
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      actor,
      approveAs: 'lead-ben',
    });
  await stage.push(BOT, 'Release 3.1.0', { VERSION: '3.1.0\n' });
  stage.mark();
  const committed = await deliver('dev-ana');
  const before = committed.change ? await stage.events(committed.change) : [];
  terminal.line(terminal.bold('A bot in front of a person'));
  claims.claim(
    `a commit of ${BOT} is approved by nobody: the contract does not list it, and could not`,
    /BOT_NOT_LISTED/.test(logOf(committed)) && notApproved(before),
    () => errorsOf(committed),
  );
  // what a bot wrote stops everything that brings it, so it leaves the branch
  await pushCommit(world, repository, { branch: 'main', sha: main, by: 'dev-ana' });
  await stage.commit('Release 3.2.0', { VERSION: '3.2.0\n' });
  const started = await deliver(BOT);
  const after = started.change ? await stage.events(started.change) : [];
  claims.claim(
    `a run that ${BOT} started gets no role to approve with: AWS compares the number of who started it`,
    /ROLE_NOT_ASSUMED/.test(logOf(started)) && /actor_id: 41898282/.test(logOf(started)),
    () => errorsOf(started),
  );
  claims.claim(`nobody is recorded as an approver: ${statesOf(after).join(' → ')}`, notApproved(after));
  claims.claim('nothing was deployed', stage.effects('ecs', 'UpdateService') === 0);
}
