/** Native ESM on Node 24: Jest strips the types itself, so there is no transformer. */
export default {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  testMatch: ['<rootDir>/{src,test}/**/*.test.ts'],
  moduleNameMapper: {
    '/(action|workflow)-v1\\.0\\.min\\.json$': '<rootDir>/../../packages/local-github/schemas/$1.cjs',
  },
  coverageProvider: 'v8',
  // A net for tests that hang, not a measure of speed: machines are slow when many suites run at once.
  testTimeout: 60_000,
};
