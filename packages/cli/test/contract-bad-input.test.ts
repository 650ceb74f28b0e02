import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../src/run.ts';

const ACME = readFileSync(
  join(import.meta.dirname, '../../../templates/operations-repo/tenants/acme.yaml'),
  'utf8',
);
const PUBLISHER = ['--publisher', 'arn:aws:iam::000011112222:role/contracts'];

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bad-input-'));
  writeFileSync(join(cwd, 'acme.yaml'), ACME);
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function type(...args: readonly string[]) {
  const printed: string[] = [];
  const say = (line: string) => void printed.push(line);
  const io = { cwd, env: {}, out: say, err: say, interrupted: new AbortController().signal };
  return { exit: await run(['contract', ...args], io), printed: printed.join('\n') };
}

async function lint(text: string | Uint8Array) {
  writeFileSync(join(cwd, 'bad.yaml'), text);
  return type('lint', 'bad.yaml');
}

const render = (...more: readonly string[]) => type('render', 'acme.yaml', '--environment', 'prod', ...more);

test.each<readonly [string, string | Uint8Array, string]>([
  ['bytes', Uint8Array.of(0xff, 0xfe, 0x61, 0x00), 'is no text in UTF-8; save it in UTF-8'],
  ['UTF-16 without a mark', Buffer.from(ACME, 'utf16le'), 'is no text in UTF-8; save it in UTF-8'],
  ['a file of two megabytes', `${ACME}${'# …\n'.repeat(500_000)}`, 'a contract has 1048576 at most'],
  ['two documents', `${ACME}---\na: 1\n`, 'A second document begins here'],
  ['a key twice', `${ACME}serial: 2\n`, 'This key is there twice; keep one of them'],
  [
    'a name with a space',
    ACME.replace('id: acme', 'id: ac me'),
    'must be a tenant id: 2 to 21 lower-case letters',
  ],
  [
    'a region with a typo',
    ACME.replaceAll('region: eu-west-1', 'region: eu-wset-1'),
    'environments.prod.region: AWS has no region eu-wset-1; did you mean eu-west-1?',
  ],
])('%s is named, with what to do', async (_, text, why) => {
  expect(await lint(text)).toMatchObject({ exit: 1, printed: expect.stringContaining(why) });
});

/** With mistakes of form in three places, and others that a sound form would not have kept from being seen. */
const MANY = ACME.replace('serial: 1', 'serial: one')
  .replace('maximum: 6', 'max: 6')
  .replace('cluster: acme-staging', 'cluster: 17')
  .replace('[euw1-az1, euw1-az2]', '[euw1-az1, euc1-az2]')
  .replace('from: staging', 'from: stage')
  .replace('services: [orders]', 'services: [order]');

test('a mistake of form hides no other one, in no verb', async () => {
  const every = [
    'serial: is "one"; must be a number',
    'environments.prod.services.orders.capacity.maximum: is missing',
    'environments.prod.services.orders.capacity.max: is not a known key',
    'environments.staging.cluster: is 17; must be text',
    'repositories: order is a service of no environment',
    'repositories: none may deliver orders',
    'environments.prod.promotion.from: stage is no other environment of this contract',
    'environments.prod.zones: euc1-az2 is no zone of eu-west-1, whose zones begin with euw1-az',
  ];
  const told = await lint(MANY);
  expect(told.printed.split('\n')).toEqual([
    ...every.map((problem) => `bad.yaml: ${problem}`),
    '8 to correct in one contract.',
  ]);
  for (const verb of [['render', '--out', 'o'], ['sign', '--key', 'k.pem', '--out', 'o'], ['complete']]) {
    const [name = '', ...more] = verb;
    const { exit, printed } = await type(name, 'bad.yaml', '--environment', 'prod', ...more);
    expect([exit, every.filter((problem) => !printed.includes(problem))]).toEqual([1, []]);
  }
  expect(readdirSync(cwd).sort()).toEqual(['acme.yaml', 'bad.yaml']);
});

test('what two contracts share is named though one of them has a mistake of form', async () => {
  writeFileSync(join(cwd, 'bad.yaml'), ACME.replace('serial: 1', 'serial: one'));
  expect(await type('lint', 'acme.yaml', 'bad.yaml')).toMatchObject({
    exit: 1,
    printed: expect.stringContaining("bad.yaml: the account 000011112222 is acme.yaml's already"),
  });
});

test.each([
  ['a mark at the beginning', `\uFEFF${ACME}`],
  ["Windows' line ends", ACME.replaceAll('\n', '\r\n')],
])('%s is no mistake', async (_, text) => {
  expect(await lint(text)).toMatchObject({ exit: 0 });
});

test('every file that cannot be read is named at once', async () => {
  expect(await type('lint', 'one.yaml', 'acme.yaml', 'two.yaml')).toMatchObject({
    exit: 2,
    printed: expect.stringMatching(/^one\.yaml cannot be read: .*\ntwo\.yaml cannot be read: /),
  });
});

test('of two contracts only the bad one is called invalid', async () => {
  writeFileSync(join(cwd, 'bad.yaml'), 'id: 1\n');
  const { exit, printed } = await type('diff', 'acme.yaml', 'bad.yaml');
  expect(exit).toBe(1);
  expect(printed).toContain('CONTRACT_INVALID: bad.yaml is not a valid tenant contract');
});

test.each([
  [['--out', 'acme.yaml', ...PUBLISHER], 'cannot be written: a part of its path is a file.'],
  [['--out', 'o', '--publisher', 'contracts'], 'contracts: --publisher must be the ARN of a role'],
])('render %j is refused in one sentence, and writes nothing', async (args, why) => {
  const { exit, printed } = await render(...args);
  expect([exit, printed]).toEqual([2, expect.stringContaining(why)]);
  expect([readdirSync(cwd), readFileSync(join(cwd, 'acme.yaml'), 'utf8')]).toEqual([['acme.yaml'], ACME]);
});

test('a folder without workflows is not a folder whose workflows are up to date', async () => {
  expect(await type('matrix', 'acme.yaml', '--workflows', 'nowhere', '--check')).toMatchObject({
    exit: 2,
    printed: expect.stringContaining('is no folder of workflows: it has no file NAME.yml.'),
  });
});

test('help is of the verb alone, and an option that is nearly right is named', async () => {
  const help = await type('sign', '--help');
  expect(help).toMatchObject({
    exit: 0,
    printed: expect.stringMatching(/^Usage: tenant-delivery contract sign FILE/),
  });
  expect(help.printed).not.toContain('contract publish');
  expect((await type('status', 'acme.yaml', '--s4')).printed).toContain(
    'There is no option --s4; did you mean --s3?',
  );
});
