import * as v from 'valibot';
import type { DecidedRow } from './decide-rows.ts';

/** Of a findings document what a comparison needs; every release has written at least this. */
export const comparableFindings = v.object({
  schemaVersion: v.literal(1),
  findings: v.array(
    v.object({ vulnerability: v.string(), package: v.string(), filePath: v.optional(v.string()) }),
  ),
});
export type ComparableFindings = v.InferOutput<typeof comparableFindings>;
type Comparable = ComparableFindings['findings'][number];

/** What one image has that another had not. A vulnerability that only changed its package's version is the same one. */
export interface Comparison {
  readonly fresh: readonly DecidedRow[];
  readonly fixed: readonly Comparable[];
  readonly unchanged: number;
}

export function compareFindings(rows: readonly DecidedRow[], before: ComparableFindings): Comparison {
  const old = new Map(before.findings.map((finding) => [identityOf(finding), finding]));
  const now = new Set(rows.map(({ finding }) => identityOf(finding)));
  const fresh = rows.filter(({ finding }) => !old.has(identityOf(finding)));
  return {
    fresh,
    fixed: [...old].filter(([identity]) => !now.has(identity)).map(([, finding]) => finding),
    unchanged: rows.length - fresh.length,
  };
}

function identityOf({
  vulnerability,
  package: name,
  filePath = '',
}: Comparable | DecidedRow['finding']): string {
  return JSON.stringify([vulnerability, name, filePath]);
}
