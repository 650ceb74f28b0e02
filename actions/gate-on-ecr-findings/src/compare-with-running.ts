import {
  type Admission,
  type ChangeHandle,
  type DeliveryWorld,
  earlierChanges,
  resumeChange,
} from '@tenant-delivery/delivery';
import {
  type Comparison,
  comparableFindings,
  compareFindings,
  type DecidedRow,
} from '@tenant-delivery/findings';

/** The findings of a change beside those of the version that was verified last. */
export interface AgainstRunning extends Comparison {
  /** The change that brought that version. */
  readonly change: string;
}

/**
 * Tells a reader what is new; it decides nothing, so a comparison that cannot be made is no failure. Nothing when no
 * version was verified before.
 */
export async function compareWithRunning(
  world: DeliveryWorld,
  admission: Admission,
  { id: own }: ChangeHandle,
  rows: readonly DecidedRow[],
): Promise<AgainstRunning | undefined> {
  try {
    for await (const { id, state } of earlierChanges(world, admission.target)) {
      if (id === own || (state !== 'verified' && state !== 'closed')) continue;
      const running = await resumeChange(world, admission, id);
      if (running.evidence('findings') === undefined) return undefined;
      const before = await running.document('findings', comparableFindings);
      return { change: id, ...compareFindings(rows, before) };
    }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    world.runner.verbatim([`Not compared with the version that runs: ${why}`]);
  }
  return undefined;
}
