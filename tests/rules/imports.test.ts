import { expect, it, test } from '@jest/globals';
import { exportBreaches } from './exports.ts';
import { parseModule } from './import-graph.ts';
import { breaches } from './imports.ts';

it('no room imports what it may not', () => {
  expect(breaches()).toEqual([]);
});

const RUN = 'actions/open-change/src/run.ts';
const FINDINGS = 'packages/findings/src/decide.ts';

test.each<readonly [string, string, string]>([
  [
    'packages/domain/src/a.ts',
    "import { v } from '@tenant-delivery/vault';",
    'domain may import only nothing of ours',
  ],
  ['packages/domain/src/a.ts', "import * as v from 'valibot';", 'domain imports nothing'],
  [FINDINGS, "import type { X } from '@tenant-delivery/aws/ecr/lifecycle';", 'findings may import only'],
  [FINDINGS, "import { t } from '@tenant-delivery/tenancy/contract';", 'findings may import only'],
  [FINDINGS, "const { f } = await import('@tenant-delivery/oci');", 'findings may import only'],
  [FINDINGS, "import { get } from 'node:https';", 'only through its ports'],
  [FINDINGS, "import { ECRClient } from '@aws-sdk/client-ecr';", 'only packages/aws makes clients'],
  ['packages/vault/src/a.ts', "import '@smithy/core';", 'only packages/aws makes clients'],
  [RUN, "import { getOctokit } from '@actions/github';", 'only packages/github makes clients'],
  [RUN, "import { session } from '@tenant-delivery/aws/session/session';", 'make adapters'],
  [RUN, "import { r } from '@tenant-delivery/action-kit/github-runner';", 'make adapters'],
  [RUN, "import { f } from '@tenant-delivery/testkit/fake-clock';", 'never shipped'],
  [RUN, "import { d } from '@tenant-delivery/delivery/test/in-memory-delivery';", 'a part of tests'],
  [RUN, "import { d } from '../test/given.ts';", 'a part of tests'],
  [RUN, "import { x } from '@tenant-delivery/open-change/inputs';", 'its own room'],
  ['packages/delivery/test/a.test.ts', "import { x } from '../../vault/src/vault.ts';", 'another room'],
  ['tests/stories/a.test.ts', "import { x } from '../../actions/open-change/src/run.ts';", 'another room'],
  [
    'packages/newcomer/src/a.ts',
    "import { x } from '@tenant-delivery/domain';",
    'does not say what newcomer may',
  ],
  [RUN, 'const region = process.env.AWS_REGION;', 'reads process.env'],
  [FINDINGS, 'const now = Date.now();', 'reads the clock'],
  [FINDINGS, 'const now = new Date();', 'reads the clock'],
  ['packages/oci/src/index.ts', "export * from './layout.ts';", 'let others import that file'],
  [FINDINGS, "export { merge } from './merge.ts';", 'let others import that file'],
  ['actions/open-change/src/main.ts', 'if (true) await run();', 'has an if'],
  ['actions/open-change/src/main.ts', 'await run();\n'.repeat(31), 'longer than 30 lines'],
])('%s with %j breaks a rule', (file, text, says) => {
  expect(breaches([parseModule(file, text)])).toEqual([expect.stringContaining(says)]);
});

test.each<readonly [string, string]>([
  ['packages/aws/src/ecr/a.ts', "import { ECRClient } from '@aws-sdk/client-ecr';"],
  ['actions/open-change/src/world.ts', "import { session } from '@tenant-delivery/aws/session/session';"],
  ['packages/findings/test/a.test.ts', "import { c } from '@tenant-delivery/testkit/fake-clock';"],
  ['local/aws/src/a.ts', "import { S3 } from '@aws-sdk/client-s3';"],
  ['packages/domain/src/index.ts', "export * from './image.ts';"],
  [FINDINGS, "// import { x } from '@tenant-delivery/aws'; process.env\nconst at = new Date(0);"],
])('%s with %j breaks none', (file, text) => {
  expect(breaches([parseModule(file, text)])).toEqual([]);
});

test('a package exports what other packages import, and nothing else', () => {
  const importer = parseModule('packages/oci/src/a.ts', "import { x } from '@tenant-delivery/vault/key';");
  const its = (exports: Record<string, string>) =>
    exportBreaches([importer], ['packages/vault/package.json'], () => exports);
  const file = 'packages/vault/package.json';
  expect(its({ './key': './src/key.ts' })).toEqual([]);
  expect(its({})).toEqual([
    `${file} does not export ./key, which packages/oci/src/a.ts imports: add "./key": "./src/key.ts"`,
  ]);
  expect(its({ './key': './src/key.ts', './*': './src/*.ts' })).toEqual([
    `${file} exports ./*, which no other room imports: remove it`,
  ]);
});
