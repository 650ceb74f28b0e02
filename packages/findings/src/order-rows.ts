import { SEVERITIES } from '@tenant-delivery/domain';
import type { DecidedRow } from './decide-rows.ts';

const EFFECTS: readonly DecidedRow['effect'][] = ['block', 'warn', 'waived', 'report'];

/** What a reader must see first: what blocks before what does not, and each from the worst severity down. */
export function orderRows(rows: readonly DecidedRow[]): readonly DecidedRow[] {
  const shelves: DecidedRow[][] = EFFECTS.flatMap(() => SEVERITIES.map(() => []));
  for (const row of rows)
    shelves[EFFECTS.indexOf(row.effect) * SEVERITIES.length + SEVERITIES.indexOf(row.finding.severity)]?.push(
      row,
    );
  return shelves.flat();
}
