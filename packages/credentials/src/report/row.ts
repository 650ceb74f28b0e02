import type { State } from './states.ts';

/** One credential in a report. Times are as in `2026-11-25T10:00:00.000Z`; `null`: nobody says it. */
export interface Row {
  /** Of the contract; of something that it does not name, what it is. */
  readonly id: string;
  readonly kind: string;
  /** What it is, for people. */
  readonly subject: string;
  readonly state: State;
  /** `missing`: the contract names it, and it is not there. `unmanaged`: it is there, and no rotation answers for it. */
  readonly finding: 'missing' | 'unmanaged' | null;
  /** The contacts of the contract. */
  readonly owner: readonly string[];
  readonly consumers: readonly string[];
  readonly bornAt: string | null;
  /** Whose word that is. */
  readonly bornBy: string | null;
  readonly ageDays: number | null;
  readonly maxAgeDays: number | null;
  readonly nextDue: string | null;
  readonly rotation: {
    readonly generation: number;
    /** `null`: it is closed, and its beginning was not read. */
    readonly openedAt: string | null;
    /** The entry that closes it, once one does. */
    readonly closedBy: string | null;
    readonly closedAt: string | null;
  } | null;
  readonly why: string;
  readonly facts: readonly string[];
  readonly remedy: string;
  /** What could replace the long-lived key. */
  readonly replacement: string | null;
}

export interface Report {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** By the servers' clock. */
  readonly at: string;
  readonly rows: readonly Row[];
  /** How many things that the contract does not name belong to other environments, by their tags. */
  readonly elsewhere: number;
}

/** In words: `3, closed 2026-11-25T10:00:00.000Z by rotation/ci-legacy/0003/0021.json`. */
export function lastRotationOf({ rotation }: Row): string {
  if (rotation === null) return 'none on record';
  const { generation, openedAt, closedAt, closedBy } = rotation;
  return closedBy === null
    ? `${generation}, open since ${openedAt}`
    : `${generation}, closed ${closedAt} by ${closedBy}`;
}
