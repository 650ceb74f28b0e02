import type { EarlierChange } from '@tenant-delivery/delivery/earlier-changes';
import { failures } from '@tenant-delivery/delivery/failures';

export interface Choice {
  /** The change that touched the service last, and stayed. */
  readonly present: string | undefined;
  /** The change before it that was verified; throws ROLLBACK_TARGET_NOT_FOUND when there is none. */
  previous(): string;
}

/**
 * What runs now, and what ran well before it. A rollback that runs now counts as the change that it went back to, so
 * that two rollbacks in a row go two versions back instead of to and fro.
 * `deployed`: latest touch first. `goalOf`: where a rollback went.
 */
export async function choosePrevious(
  deployed: readonly EarlierChange[],
  goalOf: (rollback: string) => Promise<string>,
): Promise<Choice> {
  const stayed = deployed.filter(({ state }) => state !== 'rolled-back');
  const present = stayed[0];
  if (!present) {
    return {
      present: undefined,
      previous: () => {
        throw failures.rollbackTargetNotFound('nothing was delivered to this service yet');
      },
    };
  }
  const good = stayed.filter(isGood);
  const reference =
    isGood(present) && present.event.change.kind === 'rollback'
      ? await goalOf(present.id).then((goal) => good.find(({ id }) => id === goal) ?? present)
      : present;
  const before = good
    .filter(({ event }) => event.change.kind !== 'rollback' && momentOf(event) < momentOf(reference.event))
    .find(({ event }) => !isGood(present) || imageOf(event) !== imageOf(present.event));
  return {
    present: present.id,
    previous: () => {
      if (before) return before.id;
      throw failures.rollbackTargetNotFound(`no other version was verified before ${reference.id}`);
    },
  };
}

function isGood({ state }: EarlierChange): boolean {
  return state === 'closed' || state === 'verified';
}

function momentOf({ occurredAt }: EarlierChange['event']): number {
  return Date.parse(occurredAt);
}

function imageOf({ subject }: EarlierChange['event']): string {
  return subject.digest.sha256;
}
