/** In how many zones a service must be healthy: as many as agreed, but one task cannot stand in two. */
export function zonesRequired(agreed: number, desired: number): number {
  return Math.min(agreed, desired);
}

/** How many tasks each zone has, sorted by zone. */
export function countByZone(zones: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const zone of zones.flatMap((zone) => (zone === undefined ? [] : [zone])).toSorted()) {
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return counts;
}

/**
 * How many tasks the fullest zone has more than the emptiest, among as many zones as are needed: one zone that is
 * missing counts as an empty one.
 */
export function skewOf(counts: ReadonlyMap<string, number>, required: number): number {
  const all = [...counts.values()];
  const least = counts.size < required ? 0 : Math.min(...all);
  return all.length === 0 ? 0 : Math.max(...all) - least;
}
