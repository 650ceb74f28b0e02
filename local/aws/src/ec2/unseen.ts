import { allOf, find, type Here, kindOf } from './kinds.ts';

/**
 * Refuses a change of what was just made, where its ID has not come yet: "its ID might not have propagated throughout the
 * system, and you will get an error responding that the resource does not exist" ("Eventual consistency in the Amazon EC2 API").
 */
export function refuseUnseen(input: object, now: Here, late: Here): void {
  for (const id of textsIn(input)) {
    const kind = kindOf(id);
    if (kind && allOf(now, kind)[id]) find(late, kind, id);
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
