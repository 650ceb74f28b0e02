import type { Report } from './row.ts';
import { type Bearing, bearingOf, STATES } from './states.ts';

/** The document that a program reads: everything that the report knows. */
export function renderJson(report: Report): string {
  const { rows, ...place } = report;
  return `${JSON.stringify({ schemaVersion: 1, ...place, outcome: outcomeOf(report), counts: countsOf(report), credentials: rows }, null, 2)}\n`;
}

/** How many credentials are in each state. */
export function countsOf({ rows }: Report): Readonly<Record<string, number>> {
  return Object.fromEntries(STATES.map((state) => [state, rows.filter((row) => row.state === state).length]));
}

/** The worst effect of any row on the run. */
export function outcomeOf({ rows }: Report): Bearing {
  const all = rows.map(({ state }) => bearingOf(state));
  if (all.includes('fails')) return 'fails';
  return all.includes('warns') ? 'warns' : 'passes';
}
