/** Patterns of the names that appear in ARNs, keys and paths; anchored, so that none can carry a separator. */
export const TENANT = /^[a-z][a-z0-9-]{1,20}$/;
export const ENVIRONMENT = /^[a-z][a-z0-9-]{1,20}$/;
export const SERVICE = /^[a-z][a-z0-9-]{0,39}$/;
export const ACCOUNT = /^\d{12}$/;
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
export const CHANGE_ID = /^chg_[0-9A-HJKMNP-TV-Z]{26}$/;

/** The place that a delivery aims at. A caller's words until a signed contract confirms them. */
export interface Target {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
}

/** The known name nearest to a misspelt one (at most a third of its length away), to suggest it. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let distance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (d < distance) {
      best = candidate;
      distance = d;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const edits = [(row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits.push((before[j - 2] ?? 0) + 1);
      next.push(Math.min(...edits));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
