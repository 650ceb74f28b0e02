import { SEVERITIES } from '@tenant-delivery/domain';
import type { DecidedRow } from './decide-rows.ts';

const EFFECTS: readonly DecidedRow['effect'][] = ['block', 'warn', 'waived', 'report'];

/** What a reader must see first: what blocks before what does not, and each from the worst severity down. */
export function orderRows(rows: readonly DecidedRow[]): readonly DecidedRow[] {
  const weight = ({ effect, finding }: DecidedRow) =>
    EFFECTS.indexOf(effect) * SEVERITIES.length + SEVERITIES.indexOf(finding.severity);
  return rows.toSorted((a, b) => weight(a) - weight(b));
}
