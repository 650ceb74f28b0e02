import { admitChange } from '@tenant-delivery/delivery/admit-change';
import { admitStacks } from '@tenant-delivery/delivery/admit-stacks';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { assertNotSuperseded, type ChangeAdmission, resumeChange } from '@tenant-delivery/delivery/change';
import { isPart, type Target } from '@tenant-delivery/domain';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import type { Candidate } from './candidate.ts';
import { type CommitsSince, commitsSince } from './commits-since.ts';
import type { World } from './ports.ts';

interface Found {
  readonly change: ChangeHandle;
  readonly admission: ChangeAdmission;
  readonly brings: () => Promise<CommitsSince>;
}

/** A change that this run planned and proposed, with the work that it brings. */
export async function findCandidate(world: World, target: Target, id: string): Promise<Candidate> {
  const { delivery } = world;
  const { change, admission, brings } = await (isPart(target.service) ? partOf : serviceOf)(
    world,
    target,
    id,
  );
  assertNotSuperseded(change);
  const planned = change.events.findLast(({ transition }) => transition.to === 'planned');
  const plan = planned?.plan?.digest.sha256;
  if (plan === undefined || (change.state !== 'planned' && change.state !== 'approved')) {
    const why = 'only a change that is planned can be approved';
    throw evidenceFailures.transitionNotAllowed(id, change.state, 'approved', why);
  }
  // GitHub's reviewers approve a run: what they saw is the plan that this run made, and no other
  const { repositoryId, runId, sha } = delivery.claims;
  if (planned?.run.repositoryId !== repositoryId || planned.run.runId !== runId) {
    const why = `run ${planned?.run.runId} planned it, and the reviewers of run ${runId} have not seen that plan`;
    throw evidenceFailures.transitionNotAllowed(id, change.state, 'approved', why);
  }
  // The job that proposed it may have run a customer's build, which could sign another commit than the one it built:
  // this job's own token says whose work is approved
  const proposed = change.events[0]?.run;
  if (proposed?.repositoryId !== repositoryId || proposed.runId !== runId || proposed.sha !== sha) {
    const why = `it was proposed by run ${proposed?.runId} for commit ${proposed?.sha}, and this is run ${runId} of commit ${sha}`;
    throw evidenceFailures.transitionNotAllowed(id, change.state, 'approved', why);
  }
  return { change, admission, plan: `sha256:${plan}` as const, brings: await brings() };
}

async function serviceOf({ delivery, commits }: World, target: Target, id: string): Promise<Found> {
  const { admission, change } = await admitChange(delivery, target, id);
  return { change, admission, brings: () => commitsSince(delivery, admission, change, commits) };
}

/** What is provisioned is a signed contract, and no commit: who asks for it is who started the run. */
async function partOf({ delivery }: World, { service, ...place }: Target, id: string): Promise<Found> {
  if (!isPart(service)) throw new TypeError(`${service} is no part of an environment`);
  const admission = await admitStacks(delivery, { ...place, part: service });
  const change = await resumeChange(delivery, admission, id);
  return { change, admission, brings: async () => ({ since: undefined, commits: [] }) };
}
