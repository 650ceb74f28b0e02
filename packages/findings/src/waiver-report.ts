import type { DecidedRow } from './decide-rows.ts';
import { endOf, type Waiver } from './waiver.ts';

const SOON = 14 * 86_400_000; // milliseconds; how long before its end a waiver is called expiring

/** How one waiver fares with an image: every waiver of the policy has an entry, also those that did nothing. */
export interface WaiverUse {
  readonly waiver: Waiver;
  readonly state: 'used' | 'expiring' | 'expired' | 'unused';
  /** Findings that it covers. */
  readonly covers: number;
  /** Why it does not cover the findings of the same vulnerability that it does not cover; each reason once. */
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

function stateOf(waiver: Waiver, covers: number, now: number): WaiverUse['state'] {
  if (now >= endOf(waiver)) return 'expired';
  if (covers === 0) return 'unused';
  return endOf(waiver) - now <= SOON ? 'expiring' : 'used';
}
