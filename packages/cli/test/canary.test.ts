import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { run } from '../src/run.ts';

const root = join(import.meta.dirname, '../../..');

async function canary(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'td-canary-'));
  mkdirSync(join(cwd, 'tenants'));
  copyFileSync(join(root, 'templates/operations-repo/tenants/acme.yaml'), join(cwd, 'tenants/acme.yaml'));
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const io = { cwd, env, out: say, err: say, interrupted: new AbortController().signal };
  const code = await run(['canary', ...args], io);
  return { code, said: lines.join('\n') };
}

const GOOD = [
  '--tenant',
  'acme',
  '--environment',
  'prod',
  '--service',
  'orders',
  '--denied-base',
  'debian:12.0',
];

it('names every option that is missing', async () => {
  const { code, said } = await canary(['--tenant', 'acme']);
  expect(code).toBe(2);
  expect(said).toContain('Give --environment, --service, --denied-base.');
});

it('names all that the contract does not have', async () => {
  const args = [...GOOD.with(5, 'carts'), '--credential', 'none'];
  const { code, said } = await canary(args);
  expect(code).toBe(2);
  expect(said).toContain('there is no service carts that a repository delivers; there is no credential none');
});

it('without --yes lists what it would play, and needs no token', async () => {
  const { code, said } = await canary([...GOOD, '--credential', 'ci-legacy', '--requester', 'ana']);
  expect(code).toBe(0);
  expect(said).toContain('a crash: deliver.yml of acme/orders');
  expect(said).toContain('a rotation: rotate-access.yml of OWNER/tenant-operations');
  expect(said).toContain('Nothing was done. Add --yes acme');
});

it('names the tokens that are missing before it plays anything', async () => {
  const { code, said } = await canary([...GOOD, '--yes', 'acme'], { CANARY_SRE_TOKEN: 'x' });
  expect(code).toBe(2);
  expect(said).toContain('Set CANARY_AUTHOR_TOKEN, CANARY_REVIEWER_TOKENS.');
});

it('does nothing to a tenant whose name is not given twice', async () => {
  const { code, said } = await canary([...GOOD, '--yes', 'globex']);
  expect(code).toBe(2);
  expect(said).toContain('--yes globex is another tenant than --tenant acme.');
});
