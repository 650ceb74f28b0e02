import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { localKeys } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { run } from '../src/run.ts';

const ACME = join(import.meta.dirname, '../../../templates/operations-repo/tenants/acme.yaml');
const ENVIRONMENT = ['--environment', 'prod'];
const PUBLISHED = ['--vault', 'vault', '--trust', 'trust.json'];
const keys = localKeys();

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'in-force-'));
  await trusted(keys.trust);
  await writeFile(join(cwd, 'key.pem'), keys.privateKeys.contract);
  const signed = await type('sign', ACME, ...ENVIRONMENT, '--key', 'key.pem', '--out', 'signed.json');
  expect(signed).toMatchObject({ exit: 0 });
  expect(await type('publish', 'signed.json', ...PUBLISHED)).toMatchObject({ exit: 0 });
});
afterEach(() => rm(cwd, { recursive: true }));

const trusted = (trust: object) => writeFile(join(cwd, 'trust.json'), JSON.stringify(trust));

async function type(...args: readonly string[]) {
  const printed: string[] = [];
  const say = (line: string) => void printed.push(line);
  const io = { cwd, env: {}, out: say, err: say, interrupted: new AbortController().signal };
  return { exit: await run(['contract', ...args], io), printed: printed.join('\n') };
}

const inForce = () => type('in-force', ACME, ...ENVIRONMENT, ...PUBLISHED, '--out', 'before.json');

test('a contract whose key was taken from the trust file is unreadable, and the next one replaces it', async () => {
  await trusted({ schemaVersion: 1, keys: [] });
  const { exit, printed } = await inForce();
  expect(exit).toBe(0);
  expect(printed).toContain('is in force, unreadable');
  expect(printed).toContain('Its key is not in the trust file');
  expect(printed).not.toContain('CloudTrail');
});

test('a contract whose key has ended is told from one whose key was removed', async () => {
  const ended = keys.trust.keys.map((key) => ({ ...key, until: '2026-01-02T00:00:00Z' }));
  await trusted({ ...keys.trust, keys: ended });
  const { printed } = await inForce();
  expect(printed).toContain('Its key has ended, or has not begun.');
  expect(printed).not.toContain('Its key is not in the trust file');
});

test('a contract that was altered after it was signed is told from one whose key was removed', async () => {
  const file = join(cwd, 'vault/contract/prod.dsse.json');
  const envelope = JSON.parse(await readFile(file, 'utf8'));
  const contract = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
  const payload = Buffer.from(JSON.stringify({ ...contract, serial: 9 })).toString('base64');
  await writeFile(file, JSON.stringify({ ...envelope, payload }));
  const { printed } = await inForce();
  expect(printed).toContain('does not match the content');
  expect(printed).toContain(
    'It was written by somebody who does not have the key: find out in CloudTrail who put contract/prod.dsse.json',
  );
  expect(printed).not.toContain('Its key is not in the trust file');
});
