// What `@jest/globals` is to the modules of the suite that runs; each suite has this module anew.
import { given, TIMEOUT } from './given-globals.ts';

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = given();

/** All that our suites use of it. */
export const jest = {
  setTimeout(milliseconds: number): void {
    Reflect.set(globalThis, TIMEOUT, milliseconds);
  },
};
