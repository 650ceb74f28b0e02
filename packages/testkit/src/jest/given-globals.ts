import type * as JestGlobals from '@jest/globals';

export type SuiteGlobals = Omit<typeof JestGlobals, 'jest'>;

/** Where Jest's adapter looks for the timeout that a suite has set for its tests. */
export const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** The variable of the environment that names the suite's file. */
export const SUITE = 'JEST_SUITE';

let globals: SuiteGlobals | undefined;

export function give(those: SuiteGlobals): void {
  globals = those;
}

export function given(): SuiteGlobals {
  if (!globals) throw new Error('no suite has begun');
  return globals;
}
