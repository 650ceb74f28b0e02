import type { BackupJob, BackupReader, BackupRequest, Backups } from '@tenant-delivery/provisioning/ports';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';
import type { ACloudFormation } from './a-cloudformation.ts';

interface Stored extends BackupRequest {
  readonly id: string;
  readonly at: number;
}

/** AWS Backup in memory and in virtual time, on the machine that may die. A token is one job, whatever becomes of the answer. */
export function aBackupService(clock: FakeClock, { called }: Pick<ACloudFormation, 'called'>) {
  const state = { vault: true, kinds: ['S3'], takes: 60_000 };
  const jobs: Stored[] = [];
  /** How jobs end; as AWS Backup says it. */
  const ends: Partial<BackupJob> = {};
  /** How the job with this id ends. */
  const endOf = new Map<string, Partial<BackupJob>>();
  const refusals: string[] = [];
  const start = (request: BackupRequest) => {
    const known = jobs.find(({ token }) => token === request.token);
    if (known) return { job: known.id };
    const refused = refusals.shift();
    if (refused !== undefined) return { refused };
    const id = `job-${jobs.length + 1}`;
    jobs.push({ ...request, id, at: clock.now() });
    return { job: id };
  };
  const job = (id: string): BackupJob => {
    const found = jobs.find((each) => each.id === id);
    if (!found) throw new Error(`there is no job ${id}`);
    const said = { message: undefined, category: undefined, recoveryPoint: undefined, createdAt: found.at };
    if (clock.now() < found.at + state.takes) return { ...said, state: 'RUNNING', percentDone: '12.5' };
    const recoveryPoint = `arn:aws:backup:eu-west-1:000011112222:recovery-point:${id}`;
    return {
      state: 'COMPLETED',
      createdAt: found.at,
      percentDone: '100.0',
      message: undefined,
      category: 'SUCCESS',
      recoveryPoint,
      ...ends,
      ...endOf.get(id),
    };
  };
  const reads: BackupReader = { hasVault: async () => state.vault, kinds: async () => state.kinds };
  const ports: Backups = {
    start: (request) => called('start', request.resource, () => start(request)),
    job: (id) => called('job', id, () => job(id)),
  };
  return { state, jobs, ends, endOf, refusals, reads, ports };
}
