import { expect, test } from '@jest/globals';
import { type Module, modules, parseModule } from './import-graph.ts';

const CLIENTS = [
  'application-auto-scaling',
  'backup',
  'cloudcontrol',
  'cloudformation',
  'cloudtrail',
  'cloudwatch',
  'cloudwatch-logs',
  'ec2',
  'ecr',
  'ecs',
  'elastic-load-balancing-v2',
  'iam',
  'inspector2',
  'kms',
  's3',
  'secrets-manager',
  'service-quotas',
  'ssm',
  'sts',
];
/** What takes no part in a shipped action. */
const NOT_SHIPPED = /^(bench|tests|local-.*|testkit|release|cli|canary)$/;
/** The connections that clients share; it sends nothing. */
const AGENTS = 'packages/aws/src/session/agents.ts';
const BY_HAND =
  /^(node:https?|@smithy\/signature-v4|@aws-sdk\/(xml-builder|signature-v4.*)|aws4.*|fast-xml-parser)$/;

/** The imports by which code of ours would sign, send or read a request of AWS, or load a client before it is needed. */
function byHand(all: readonly Module[]): readonly string[] {
  const shipped = all.filter(({ room, part }) => part === 'src' && !NOT_SHIPPED.test(room));
  return shipped.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier, kind, to }) => {
        if (kind === 'type') return false;
        if (to.kind === 'file') return kind === 'value' && specifier.endsWith('-sdk.ts');
        if (to.kind !== 'foreign' || file === AGENTS) return false;
        return BY_HAND.test(to.name) || (/^@aws-sdk\/client-/.test(to.name) && !file.endsWith('-sdk.ts'));
      })
      .map(({ specifier }) => `${file}: ${specifier}`),
  );
}

test('no shipped code of ours signs, sends or parses a request of AWS: its clients do, loaded when they first send', () => {
  expect(byHand(modules())).toEqual([]);
});

test('each service is asked through its own client, by one file that names what we use of it', () => {
  const named = modules().flatMap(({ file, imports }) =>
    /^packages\/aws\/src\/\w+\/[\w-]+-sdk\.ts$/.test(file) ? imports.map(({ specifier }) => specifier) : [],
  );
  expect([...new Set(named)].sort()).toEqual(CLIENTS.map((client) => `@aws-sdk/client-${client}`));
});

const ADAPTER = 'packages/aws/src/iam/roles.ts';

test.each([
  [ADAPTER, "import { request } from 'node:https';"],
  [ADAPTER, "import { SignatureV4 } from '@smithy/signature-v4';"],
  [ADAPTER, "const { parseXML } = await import('@aws-sdk/xml-builder');"],
  [ADAPTER, "import { IAMClient } from '@aws-sdk/client-iam';"],
  [ADAPTER, "import { IAMClient } from './iam-sdk.ts';"],
  ['actions/open-change/src/run.ts', "import { request } from 'node:http';"],
])('%s with %j would be seen', (file, text) => {
  expect(byHand([parseModule(file, text)])).toHaveLength(1);
});

test.each([
  [ADAPTER, "import type { Role } from '@aws-sdk/client-iam';"],
  [ADAPTER, "const sdk = () => import('./iam-sdk.ts');"],
  ['packages/aws/src/iam/iam-sdk.ts', "export { IAMClient } from '@aws-sdk/client-iam';"],
  ['local/aws/src/wire/xml.ts', "import { parseXML } from '@aws-sdk/xml-builder';"],
])('%s with %j is as it should be', (file, text) => {
  expect(byHand([parseModule(file, text)])).toEqual([]);
});
