// What `@jest/globals` is to the modules of the suite that runs; each suite loads this module again.
import { given, TIMEOUT } from './given-globals.ts';

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = given();

/** All that our suites use of it. */
export const jest = {
  setTimeout(milliseconds: number): void {
    Reflect.set(globalThis, TIMEOUT, milliseconds);
  },
};
