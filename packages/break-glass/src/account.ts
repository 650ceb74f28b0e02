import { MINUTE } from '@tenant-delivery/domain';
import { iso } from '@tenant-delivery/rotation/times';
import type { Used } from './facts.ts';
import type { GrantUses } from './ports.ts';
import type { Grant, Progress } from './progress.ts';

/** CloudTrail tells of a call within a quarter of an hour, and a session may have made it just before its end. */
export const TOLD = 20 * MINUTE;

const MOST_LOOKUPS = 8; // two requests a second are allowed in an account and region

/** Grants that are over and whose use is not in the record yet, although CloudTrail can tell it by now. */
export function unaccounted({ grants }: Progress, now: number): readonly Grant[] {
  return grants.filter(({ over, used }) => over && !used && now >= over.at + TOLD).slice(0, MOST_LOOKUPS);
}

/**
 * Calls that were refused changed nothing, so only their number is told. With enough calls a person can push what they did
 * first out of sight, so the account says that there was more.
 */
export function accountOf({ grant }: Pick<Grant, 'grant'>, { told: uses, whole }: GrantUses): Used {
  const times = uses.map(({ at }) => at);
  const counts = new Map<string, number>();
  for (const { call, writes, refused } of uses)
    if (writes && !refused) counts.set(call, (counts.get(call) ?? 0) + 1);
  const refused = uses.filter((use) => use.refused).length;
  return {
    kind: 'used',
    grant,
    first: times.length > 0 ? iso(Math.min(...times)) : '',
    last: times.length > 0 ? iso(Math.max(...times)) : '',
    calls: `${whole ? '' : 'more than '}${uses.length}${refused > 0 ? `, ${refused} of them refused` : ''}`,
    writes: [
      ...[...counts].map(([call, count]) => `${call} ${count}`).toSorted(),
      ...(whole ? [] : ['what the earlier calls changed: look in CloudTrail']),
    ],
  };
}
