import { fileURLToPath } from 'node:url';

/**
 * Native ESM on Node 24 without a transformer: Node itself loads the modules and strips their types, so that suites
 * share what they import (docs/decisions/0016-node-loads-the-suites.md). A workspace is one process; turbo runs two.
 */
export default {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  testMatch: ['<rootDir>/{src,test}/**/*.test.ts'],
  watchman: false,
  injectGlobals: false,
  runtime: fileURLToPath(new URL('packages/testkit/src/jest/native-runtime.ts', import.meta.url)),
  testEnvironment: fileURLToPath(new URL('packages/testkit/src/jest/native-environment.ts', import.meta.url)),
  // A net for tests that hang, not a measure of speed: machines are slow when many suites run at once.
  testTimeout: 60_000,
};
