import type { EarlierChange } from '@tenant-delivery/delivery/earlier-changes';
import { failures } from '@tenant-delivery/delivery/failures';
import { isVerified } from '@tenant-delivery/delivery/last-verified';

export interface Choice {
  /** The change that touched the service last, and stayed. */
  readonly present: string | undefined;
  /** The change before it that was verified; throws ROLLBACK_TARGET_NOT_FOUND when there is none. */
  previous(): Promise<string>;
}

/**
 * What runs now, and what ran well before it. A rollback that runs now counts as the change that it went back to, so
 * that two rollbacks in a row go two versions back instead of to and fro.
 * `deployed`: the latest first, looked at as far as it takes. `goalOf`: where a rollback went.
 */
export async function choosePrevious(
  deployed: AsyncIterable<EarlierChange>,
  goalOf: (rollback: string) => Promise<string>,
): Promise<Choice> {
  const look = lookingBack(deployed);
  const present = await look(({ state }) => state !== 'rolled-back');
  return {
    present: present?.id,
    previous: async () => {
      if (!present) throw failures.rollbackTargetNotFound('nothing was delivered to this service yet');
      const reference = await referenceOf(present, look, goalOf);
      const before = await look(
        (change) =>
          isVerified(change.state) &&
          change.kind !== 'rollback' &&
          isBefore(change, reference) &&
          (!isVerified(present.state) || change.image !== present.image),
      );
      if (before) return before.id;
      throw failures.rollbackTargetNotFound(`no other version was verified before ${reference.id}`);
    },
  };
}

type Look = (wanted: (change: EarlierChange) => boolean) => Promise<EarlierChange | undefined>;

async function referenceOf(
  present: EarlierChange,
  look: Look,
  goalOf: (rollback: string) => Promise<string>,
): Promise<EarlierChange> {
  if (!isVerified(present.state) || present.kind !== 'rollback') return present;
  const goal = await goalOf(present.id);
  return (await look(({ id, state }) => id === goal && isVerified(state))) ?? present;
}

function isBefore(one: EarlierChange, other: EarlierChange): boolean {
  return (one.deployedAt ?? 0) < (other.deployedAt ?? 0);
}

/** Finds the latest change that is wanted. What was looked at once is not asked for again. */
function lookingBack(deployed: AsyncIterable<EarlierChange>): Look {
  const seen: EarlierChange[] = [];
  const rest = deployed[Symbol.asyncIterator]();
  return async (wanted) => {
    const known = seen.find(wanted);
    if (known) return known;
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      seen.push(next.value);
      if (wanted(next.value)) return next.value;
    }
    return undefined;
  };
}
