import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';

/** Why a change ended that another one replaced: a rollback, or a newer change. `undefined` for every other change. */
export function supersededBy(events: readonly ChangeEvent[]): string | undefined {
  const { decision } = events.at(-1) ?? {};
  return decision?.reasons.some((reason) => reason.startsWith('SUPERSEDED_BY_')) ? decision.note : undefined;
}
