import { DAY } from '@tenant-delivery/domain';
import { endOf, startOf } from './answered-for.ts';
import type { DecidedRow } from './decide-rows.ts';
import { type Waiver, type WaiverPlace, type WaiverTerms, waiverKey } from './waiver.ts';

const SOON = 14 * DAY; // milliseconds; how long before its end a waiver is called expiring

/** What one waiver did for an image. Every waiver of the policy has an entry, also those that did nothing. */
export interface WaiverUse {
  readonly waiver: Waiver;
  readonly state: 'used' | 'expiring' | 'expired' | 'unused';
  /** Findings that it covers. */
  readonly covers: number;
  /** Why it left other findings of the same vulnerability uncovered, each reason once. */
  readonly missed: readonly string[];
}

export function reportWaivers(
  rows: readonly DecidedRow[],
  waivers: readonly Waiver[],
  now: number,
): readonly WaiverUse[] {
  const covers = waivers.map(() => 0);
  const missed = waivers.map(() => new Set<string>());
  for (const { waiver, nearly } of rows) {
    if (waiver !== undefined) covers[waiver] = (covers[waiver] ?? 0) + 1;
    for (const near of nearly) for (const why of near.why) missed[near.waiver]?.add(why);
  }
  return waivers.map((waiver, index) => ({
    waiver,
    state: stateOf(waiver, covers[index] ?? 0, now),
    covers: covers[index] ?? 0,
    missed: [...(missed[index] ?? [])],
  }));
}

/**
 * Waivers that have covered nothing for longer than the floor allows. A waiver that the running version still needs is left
 * out: the new image makes it unused by fixing its finding.
 */
export function overdueWaivers(
  uses: readonly WaiverUse[],
  terms: WaiverTerms | undefined,
  { now, needed }: WaiverPlace,
): readonly WaiverUse[] {
  const most = terms?.unusedDays;
  if (most === undefined) return [];
  return uses.filter(
    ({ waiver, state }) =>
      state === 'unused' && now >= startOf(waiver.created) + most * DAY && !needed?.has(waiverKey(waiver)),
  );
}

function stateOf(waiver: Waiver, covers: number, now: number): WaiverUse['state'] {
  if (now >= endOf(waiver)) return 'expired';
  if (covers === 0) return 'unused';
  return endOf(waiver) - now <= SOON ? 'expiring' : 'used';
}
