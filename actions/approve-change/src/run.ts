import type { Failure } from '@tenant-delivery/action-kit/failure';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { approvalSides } from '@tenant-delivery/delivery/approval-sides';
import type { Person } from '@tenant-delivery/delivery/github-ports';
import { startersOfRun } from '@tenant-delivery/delivery/run-starters';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import {
  type ApprovalAgreement,
  compareApprovalEnvironment,
  compareDeployEnvironment,
} from '@tenant-delivery/tenancy/environment-protection';
import type { Candidate } from './candidate.ts';
import { failures } from './failures.ts';
import { findCandidate } from './find-candidate.ts';
import type { ApproveChangeInputs } from './inputs.ts';
import { type Approver, type Facts, type Judgement, judge } from './judge.ts';
import type { World } from './ports.ts';
import { recordApproval, recordRejection } from './record.ts';
import { reportApproved, reportRejected } from './report.ts';
import type { Obscure } from './requesters.ts';

/** Records every change of the run as approved, or none. */
export async function run(given: ApproveChangeInputs, world: World): Promise<Outcome> {
  const { runner, delivery } = world;
  const { repository, runId } = delivery.claims;
  const [candidates, approvals, starters] = await inOrder([
    runner.group('Find the plans and whose work they deploy', () => findCandidates(given, world)),
    world.runs.approvalsOf(repository, runId),
    startersOfRun(world.runs, delivery.claims),
  ]);
  const protection = await runner.group('Compare the environments with the contract', () =>
    checkProtection(world, candidates),
  );
  const judged = candidates.map((candidate) => ({
    candidate,
    judgement: judgeSides(
      approvalSides(candidate.change.kind, candidate.admission.environment.approval),
      { approvals, attempt: delivery.claims.runAttempt, starters, commits: candidate.brings.commits },
      protection,
    ),
  }));
  const approved: { readonly candidate: Candidate; readonly by: readonly Approver[] }[] = [];
  for (const { candidate, judgement } of judged) {
    const { id } = candidate.change;
    if (judgement.kind === 'rejected') {
      await Promise.all(candidates.map((each) => recordRejection(world, each, approvals, judgement.by)));
      runner.output('approved', '0');
      return reportRejected(candidates, judgement.by);
    }
    if (judgement.kind === 'missing') throw failures.approvalsMissing(id, judgement);
    if (judgement.kind === 'ambiguous') throw failures.approvalAmbiguous(id, judgement.unable);
    if (judgement.kind === 'bots') throw failures.botNotListed(judgement.did);
    if (judgement.kind === 'obscure') throw obscured(judgement.commits);
    approved.push({ candidate, by: judgement.by });
  }
  for (const { candidate, by } of approved)
    await recordApproval(world, candidate, { by, starters }, protection);
  runner.output('approved', String(approved.length));
  return reportApproved(approved);
}

/** One judgement of all sides: each must have approved, and a rejection of one is heard first. */
function judgeSides(
  sides: readonly ApprovalAgreement[],
  facts: Omit<Facts, 'agreed' | 'reviewers'>,
  protection: readonly EnvironmentProtection[],
): Judgement {
  const judged = sides.map((agreed) =>
    judge({ ...facts, agreed, reviewers: peopleOf(protection, agreed.environment) }),
  );
  const open =
    judged.find(({ kind }) => kind === 'rejected') ?? judged.find(({ kind }) => kind !== 'approved');
  return (
    open ?? { kind: 'approved', by: judged.flatMap((each) => (each.kind === 'approved' ? each.by : [])) }
  );
}

function peopleOf(protection: readonly EnvironmentProtection[], environment: string): readonly Person[] {
  const found = protection.find(({ name }) => name === environment);
  return found?.reviewers.kind === 'required' ? found.reviewers.people : [];
}

/** The failure for the first cause there is; each asks for something else to be done. */
function obscured(commits: readonly Obscure[]): Failure {
  const of = (why: Obscure['why']) => commits.filter((each) => each.why === why).map(({ sha }) => sha);
  if (of('author').length > 0) return failures.commitAuthorUnknown(of('author'));
  return of('record').length > 0
    ? failures.commitRecordedBefore(of('record'))
    : failures.commitMergerUnknown(of('merger'));
}

function findCandidates(given: ApproveChangeInputs, world: World): Promise<readonly Candidate[]> {
  return Promise.all(
    given.changes.map(({ service = given.service, change }) =>
      findCandidate(world, targetOf({ ...given, service }), change),
    ),
  );
}

/** How both environments are protected, once that is what every candidate's contract says. */
async function checkProtection(
  { delivery, environments }: World,
  candidates: readonly Candidate[],
): Promise<readonly EnvironmentProtection[]> {
  const { repository } = delivery.claims;
  const agreed = candidates[0]?.admission.environment;
  if (!agreed) return [];
  const sides = new Map(
    candidates
      .flatMap(({ change, admission }) => approvalSides(change.kind, admission.environment.approval))
      .map((side) => [side.environment, side] as const),
  );
  const protectionOf = (name: string) => environments.protectionOf(repository, name);
  const [deploy, approvals] = await Promise.all([
    protectionOf(agreed.protection.environment),
    Promise.all(
      [...sides.values()].map(async (side) => [side, await protectionOf(side.environment)] as const),
    ),
  ]);
  const differences = [
    ...approvals.flatMap(([side, approval]) => compareApprovalEnvironment(side, approval)),
    ...compareDeployEnvironment(agreed.protection, deploy),
  ];
  if (differences.length > 0) throw failures.environmentUnprotected(differences);
  return [...approvals.map(([, approval]) => approval), deploy].filter((each) => each !== 'absent');
}
