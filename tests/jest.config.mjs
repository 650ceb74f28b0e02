import { tmpdir } from 'node:os';
import { join } from 'node:path';
import preset from '../jest.preset.mjs';

/** Every local AWS throttles and is late as AWS is, by one seed, so that a failure repeats. Give another one to look further. */
process.env.LOCAL_AWS_SEED ??= '1';
process.env.LOCAL_AWS_WITNESS ??= join(tmpdir(), `td-witness-${process.pid}.jsonl`);

/**
 * Long stories and whole tables of schedules: `npm run proof` plays them, `npm test` leaves them out. A story belongs here
 * when what it tells is promised in `npm test` already, by the parts that it puts together.
 */
const LONG = [
  'adopting',
  'aws-cli',
  'aws-cli-network',
  'bad-input-deploy',
  'bad-input-steps',
  'bake',
  'break-glass',
  'build-platforms',
  'canary-whole',
  'cdk-nag',
  'contracts-workflow',
  'credential-report',
  'delivery',
  'delivery-overlap',
  'deploy-cancel',
  'deploy-faults',
  'deploy-histories',
  'deploy-scenarios',
  'docker-delivery',
  'docker-endings',
  'first-mistakes',
  'github-key-rotation',
  'images-not-known-good',
  'local-up',
  'onboarding',
  'pause',
  'probe-inside',
  'provision-github',
  'release-in-the-open',
  'rotate-agreed',
  'rotate-secrets-manager',
  'stacks-by-command-line',
  'stacks-with-boto3',
  'three-pushes',
  'trouble-at-aws',
  'two-releases',
  'vpn-and-cache-rotation',
];
/** A few schedules, Dockerfiles, plays, broken accounts and task definitions for `npm test`, and all of them for `npm run proof`. */
const BOTH = [
  'builders',
  'deploy-over-local-aws',
  'dockerfiles',
  'doctor-breakages',
  'migrated-workflows',
  'rotation-crashes',
  'task-definition-mistakes',
];
const file = (name) => `/${name}\\.test\\.ts$`;

/** The suites share the processes that run shipped actions. */
export default {
  ...preset,
  rootDir: import.meta.dirname,
  testSequencer: '<rootDir>/longest-first.mjs',
  reporters: ['default', '<rootDir>/stage/late-reporter.ts'],
  globalSetup: '<rootDir>/stage/share-hosts.ts',
  globalTeardown: '<rootDir>/stage/end-hosts.ts',
  ...(process.env.PROOF === 'full'
    ? { testMatch: [...LONG, ...BOTH].map((name) => `<rootDir>/*/${name}.test.ts`) }
    : {
        testMatch: ['<rootDir>/*/*.test.ts'],
        testPathIgnorePatterns: ['/node_modules/', ...LONG.map(file)],
      }),
};
