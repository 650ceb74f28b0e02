import { judged } from '@tenant-delivery/action-kit/readable';
import { GITHUB_TOKEN_BOT, WEB_FLOW } from '@tenant-delivery/domain';
import type { EnvironmentContract } from './contract.ts';
import { repeated, unless } from './problems.ts';

/** What is wrong with who approves in an environment. */
export function lintApproval({ approval }: EnvironmentContract, expected: string): readonly string[] {
  return judged(
    () => lintBots(approval),
    () =>
      unless(
        approval.environment === expected,
        `approval.environment: must be ${expected}, which the approve role trusts`,
      ),
    () => lintRequired(approval),
  );
}

function lintRequired({ required, roles }: EnvironmentContract['approval']): readonly string[] {
  const all = Object.entries(required);
  const people = all.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...unless(all.length > 0, 'approval.required: names no role, so nobody would have to approve'),
    // "Reviewing deployments": one of the required reviewers starts the job.
    ...unless(
      people <= 1,
      `approval.required: asks for ${people} people, but GitHub starts the approve job after one approval; more than one is not supported yet`,
    ),
    ...all.flatMap(([role, count]) => {
      const approvers = new Set(roles[role] ?? []).size;
      return unless(
        approvers >= count,
        `approval.required.${role}: ${count} must approve, but approval.roles.${role} names ${approvers}`,
      );
    }),
  ];
}

/** We rely on a listed bot: no single person can make it act. */
function lintBots({ bots = [], roles }: EnvironmentContract['approval']): readonly string[] {
  const approvers = new Set(Object.values(roles).flat());
  return [
    ...repeated(bots).map((bot) => `approval.bots: ${bot} is there twice`),
    ...unless(
      !bots.includes(GITHUB_TOKEN_BOT),
      `approval.bots: ${GITHUB_TOKEN_BOT} is github-actions[bot], the bot of every job's GITHUB_TOKEN; anybody who may push a workflow could commit and start runs as it, so it can never be listed`,
    ),
    ...unless(
      !bots.includes(WEB_FLOW),
      `approval.bots: ${WEB_FLOW} is web-flow, as which GitHub commits what people merge; it needs no place here`,
    ),
    ...bots
      .filter((bot) => approvers.has(bot))
      .map((bot) => `approval.bots: ${bot} is in approval.roles too, and a bot approves nothing`),
  ];
}
