import { randomUUID } from 'node:crypto';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { clearedBreakGlass, readGrants } from '@tenant-delivery/aws/iam/cleared-break-glass';
import { journalRecorder } from '@tenant-delivery/aws/kms/journal-recorder';
import { openAdmissionWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { openApprovals } from '@tenant-delivery/github/actions/run-approvals';
import type { GrantInputs } from './inputs.ts';
import type { GrantsWorld } from './ports.ts';

export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: GrantInputs,
  session: Session,
): Promise<GrantsWorld> {
  const listing = given.mode === 'list-grants';
  const frame = await openAdmissionWorld(
    runner,
    env,
    session,
    listing ? 'read' : 'access',
    listing ? 'read' : 'journal',
  );
  const { clock } = session;
  return {
    ...frame,
    region: given.region,
    sleep: (milliseconds) => clock.sleep(milliseconds, runner.cancelled),
    process: randomUUID(),
    github: () => openApprovals(runner, clock, given['github-token']),
    reading: ({ terms }) => readGrants(session, terms.roleArn),
    open: (clearance) => clearedBreakGlass(session, clearance),
    recorder: ({ place, agreed, contractDigest }) =>
      journalRecorder({ session, frame, place }, { journal: agreed.id, role: 'access', contractDigest }),
  };
}
