import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../src/run.ts';

const ACME = readFileSync(
  join(import.meta.dirname, '../../../templates/operations-repo/tenants/acme.yaml'),
  'utf8',
);

let cwd = '';
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', cwd, ...args], { encoding: 'utf8' }).trim();
const place = (name: string) => join(cwd, 'tenants', name);

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'changes-'));
  git('init', '--quiet', '--initial-branch=main');
  commit({ 'acme.yaml': ACME });
});
afterEach(() => rmSync(cwd, { recursive: true }));

function commit(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(place(name)), { recursive: true });
    writeFileSync(place(name), text);
  }
  git('add', '--all');
  git('-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '--quiet', '--message', 'Change');
}

async function changes(...args: readonly string[]) {
  const printed: string[] = [];
  const say = (line: string) => void printed.push(line);
  const io = { cwd, env: {}, out: say, err: say, interrupted: new AbortController().signal };
  return { exit: await run(['contract', 'changes', ...args], io), printed: printed.join('\n') };
}

const since = () => changes('tenants', '--since', 'HEAD~1');

test('are told for whom and for each stack, without any right at AWS', async () => {
  const next = ACME.replace('serial: 1 ', 'serial: 2 ')
    .replace('maximum: 6 }', 'maximum: 8 }')
    .replace('releases: [v0.1.0]', 'releases: [v0.1.0, v0.2.0]');
  commit({ 'acme.yaml': next });
  const { exit, printed } = await since();
  expect(exit).toBe(0);
  expect(printed).toContain('orders in prod may grow to 8 tasks instead of 6.');
  expect(printed).toContain(
    '  td-acme-prod-foundation in eu-west-1 (provision.yml, part foundation): 7 changed',
  );
  expect(printed).toMatch(
    /changed RoleDeploy \(AWS::IAM::Role\)\n.*job_workflow_ref: \*@refs\/tags\/v0\.2\.0 instead of nothing/,
  );
});

test('a serial that stays is refused', async () => {
  commit({ 'acme.yaml': ACME.replace('maximum: 6 }', 'maximum: 8 }') });
  expect(await since()).toMatchObject({
    exit: 1,
    printed: expect.stringContaining('Refused: The serial is 1, and was 1. Raise it'),
  });
});

test('an environment that goes leaves its stacks until they are withdrawn', async () => {
  const prod = ACME.slice(0, ACME.indexOf('  staging:')).replace('    promotion: { from: staging }\n', '');
  commit({ 'acme.yaml': prod.replace('serial: 1 ', 'serial: 2 ') });
  expect((await since()).printed).toContain(
    'td-acme-staging-foundation in eu-west-1: the contract does not ask for it any more. It stays until withdraw.yml takes it away.',
  );
});

test('a file under another name is compared with nothing, and the old one is gone', async () => {
  renameSync(place('acme.yaml'), place('acme corp`.yaml'));
  commit({});
  const { exit, printed } = await since();
  expect(exit).toBe(0);
  expect(printed).toContain(
    '### `` acme corp`.yaml ``\n\n```text\nIt is compared with nothing: read it whole.',
  );
  expect(printed).toContain(
    'td-acme-prod-foundation in eu-west-1 (provision.yml, part foundation): a new stack, 19 made',
  );
  expect(printed).toContain(
    '### `acme.yaml`\n\n```text\nIt is gone. What is published of it stays in force.',
  );
});

test.each([
  ['globex.yml', 'Name it NAME.yaml'],
  ['eu/globex.yaml', 'Name it NAME.yaml'],
])('a contract named %s, which nothing would sign, is refused', async (name, why) => {
  commit({ [name]: ACME });
  expect(await since()).toMatchObject({ exit: 1, printed: expect.stringContaining(why) });
});

test('a file that is no contract any more is refused with every mistake, and another file is none', async () => {
  commit({
    'acme.yaml': ACME.replace('serial: 1 ', 'serial: one ').replace('tier: gold', 'tiers: gold'),
    'README.md': 'x',
  });
  const { exit, printed } = await since();
  expect(exit).toBe(1);
  expect(printed).toContain('Refused: serial: is "one"; must be a number');
  expect(printed).toContain('Refused: tiers: is not a known key');
  expect(printed).toContain('### `README.md`\n\n```text\nIt is no contract.');
});

test('text of a contract cannot end the block that it is shown in', async () => {
  const next = ACME.replace('serial: 1 ', 'serial: 2 ').replace(
    'technical: orders-team',
    'technical: "````\\n# All is well"',
  );
  commit({ 'acme.yaml': next });
  expect((await since()).printed).toContain('\n`````text\n');
});

test.each([
  [['tenants', '--since', 'nowhere'], 'There is no commit nowhere here.'],
  [['elsewhere', '--since', 'HEAD'], 'elsewhere is no folder of a git repository.'],
  [['tenants'], 'contract changes without --since is for a job of GitHub: there is no GITHUB_REPOSITORY'],
  [[], 'Name the folder of the contracts.'],
])('%j is refused by the words of the command', async (args, why) => {
  expect(await changes(...args)).toMatchObject({ exit: 2, printed: expect.stringContaining(why) });
});
