import type { CopyReader, RecoveryPoint, Replica } from '@tenant-delivery/provisioning/ports';
import type { FakeClock } from '@tenant-delivery/testkit/fake-clock';

/** What AWS Backup and S3 say of copies: nothing was backed up yet, and the record is where it should be, until a test says otherwise. */
export function aCopyReader(clock: FakeClock) {
  const points = new Map<string, readonly RecoveryPoint[] | undefined>();
  const state: { replica: Replica | undefined; fails: Error | undefined } = {
    replica: { status: 'COMPLETED', writtenAt: clock.now() },
    fails: undefined,
  };
  const answered = async <T>(value: T): Promise<T> => {
    if (state.fails) throw state.fails;
    return value;
  };
  const reads: CopyReader = {
    recoveryPoints: (region) => answered(points.has(region) ? points.get(region) : []),
    replica: () => answered(state.replica),
  };
  return { reads, state, points };
}
