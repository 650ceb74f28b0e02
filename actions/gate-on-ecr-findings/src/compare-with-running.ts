import { type ChangeHandle, evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { lastVerified } from '@tenant-delivery/delivery/last-verified';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import {
  type ComparableFindings,
  type Comparison,
  comparableFindings,
} from '@tenant-delivery/findings/compare-findings';
import type { ByLayer } from '@tenant-delivery/findings/layers';
import type { Admission } from '@tenant-delivery/tenancy/admission';

/** The findings of a change beside those of the version that was verified last. */
export interface AgainstRunning extends Comparison {
  /** The change that brought that version. */
  readonly change: string;
  /** What is new, by who brought its layer. */
  readonly freshBy: ByLayer;
}

/** The version that was verified last, and what was found in it. */
export interface Running {
  /** The change that brought it. */
  readonly change: string;
  readonly findings: ComparableFindings;
}

/**
 * Nothing if no version was verified before. If it cannot be read, the log says so; then no finding is called new, and every
 * finding decides.
 */
export async function findRunning(
  world: DeliveryWorld,
  admission: Admission,
  { id: own }: ChangeHandle,
): Promise<Running | undefined> {
  try {
    const last = await lastVerified(world, admission.target, own);
    const named = last && evidenceIn(last.events, 'findings');
    if (!named) return undefined;
    const findings = await readDocument(world, last.id, 'findings', named, comparableFindings);
    return { change: last.id, findings };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    world.runner.verbatim([`Not compared with the version that runs: ${why}`]);
    return undefined;
  }
}
