/** In how many zones a service must be healthy: as many as agreed, but one task cannot stand in two. */
export function zonesRequired(agreed: number, desired: number): number {
  return Math.min(agreed, desired);
}
