import preset from '../../jest.preset.mjs';

/** The suites share the processes that run shipped actions. */
export default {
  ...preset,
  rootDir: import.meta.dirname,
  globalSetup: '<rootDir>/test/share-hosts.ts',
  globalTeardown: '<rootDir>/test/end-hosts.ts',
};
