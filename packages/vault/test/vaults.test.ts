import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { directoryVault } from '../src/directory-vault.ts';
import { memoryVault } from '../src/memory-vault.ts';
import { digestOf, getBytes, putBytes } from '../src/objects.ts';
import { rememberingVault } from '../src/remembering-vault.ts';
import { vaultSuite } from '../src/vault-suite.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'vault-'));
  folders.push(made);
  return made;
}

describe('a vault in memory', () => {
  test.each(vaultSuite)('$promise', async ({ keep }) => {
    const vault = memoryVault();
    await keep(async () => vault);
  });
});

describe('a vault that remembers', () => {
  test.each(vaultSuite)('$promise', async ({ keep }) => {
    const vault = memoryVault();
    const root = await folder();
    await keep(async () => rememberingVault(vault, directoryVault(root)));
  });

  const EVENT = 'changes/prod/orders/chg_1/0000.dsse.json';

  async function counted() {
    const inner = memoryVault();
    const root = await folder();
    const read: string[] = [];
    const counting = {
      ...inner,
      read: (key: string) => {
        read.push(key);
        return inner.read(key);
      },
    };
    /** Each step of a job has a process of its own, and the job's folder. */
    const step = () => rememberingVault(counting, directoryVault(root));
    return { inner, read, step };
  }

  test('is not asked again by a later step for what this job has written or read', async () => {
    const { inner, read, step } = await counted();
    const written = await putBytes(step(), Buffer.from('written'));
    const found = await putBytes(inner, Buffer.from('found'));
    await step().create(EVENT, Buffer.from('an event'));
    for (const digest of [written, found, found])
      expect(Buffer.from(await getBytes(step(), digest)).toString()).toMatch(/written|found/);
    expect((await step().read(EVENT))?.bytes).toEqual(new Uint8Array(Buffer.from('an event')));
    expect(read).toHaveLength(1);
  });

  test('asks once for a document that is wanted twice at the same time, and again when that failed', async () => {
    const { inner, read, step } = await counted();
    const digest = await putBytes(inner, Buffer.from('found'));
    const vault = step();
    expect(await Promise.all([getBytes(vault, digest), getBytes(vault, digest)])).toHaveLength(2);
    expect(read).toHaveLength(1);
    const missing = digestOf('missing');
    expect(await getBytes(vault, missing)).toBe('absent');
    await putBytes(inner, Buffer.from('missing'));
    expect(Buffer.from(await getBytes(vault, missing)).toString()).toBe('missing');
  });

  test('asks each time for what may be replaced, and for what was not there', async () => {
    const { inner, read, step } = await counted();
    await inner.create('locks/prod/orders.json', Buffer.from('lock'));
    for (const key of ['locks/prod/orders.json', 'contract/prod.dsse.json', EVENT]) {
      await step().read(key);
      await step().read(key);
    }
    expect(read).toHaveLength(6);
  });

  test('knows in a later step which version of a lock this job wrote last, and of nothing else', async () => {
    const { inner, step } = await counted();
    const key = 'locks/prod/orders.json';
    const first = await step().create(key, Buffer.from('first'));
    if (first === 'exists') throw new Error('it was not there');
    const second = await step().replace(key, Buffer.from('second\n'), first.version);
    if (second === 'changed') throw new Error('nobody else writes');
    await inner.replace(key, Buffer.from('theirs'), second.version);
    expect(await step().replace(key, Buffer.from('third'), second.version)).toBe('changed');
    expect(await step().written?.(key)).toEqual({
      bytes: new Uint8Array(Buffer.from('second\n')),
      version: second.version,
    });
    await step().create(EVENT, Buffer.from('an event'));
    expect(await step().written?.('locks/prod/billing.json')).toBeUndefined();
  });

  test('remembers no document that was altered, and no event that another run wrote first', async () => {
    const { inner, step } = await counted();
    const digest = await putBytes(memoryVault(), Buffer.from('true'));
    const key = `objects/sha256/${digest.slice('sha256:'.length)}`;
    await inner.create(key, Buffer.from('false'));
    expect(await getBytes(step(), digest)).toBe('altered');
    await inner.replace(key, Buffer.from('true'), (await inner.read(key))?.version ?? '');
    expect(await getBytes(step(), digest)).toEqual(new Uint8Array(Buffer.from('true')));
    await inner.create(EVENT, Buffer.from('theirs'));
    expect(await step().create(EVENT, Buffer.from('ours'))).toBe('exists');
    expect((await step().read(EVENT))?.bytes).toEqual(new Uint8Array(Buffer.from('theirs')));
  });

  test('believes no document that somebody has put into the memory of the job', async () => {
    const inner = memoryVault();
    const root = await folder();
    const digest = await putBytes(inner, Buffer.from('true'));
    const forged = `objects/sha256/${digest.slice('sha256:'.length)}`;
    await directoryVault(root).create(forged, Buffer.from('false'));
    const vault = rememberingVault(inner, directoryVault(root));
    expect(await getBytes(vault, digest)).toEqual(new Uint8Array(Buffer.from('true')));
  });

  test('works where the job may write no folder', async () => {
    const inner = memoryVault();
    const vault = rememberingVault(inner, directoryVault('/dev/null/nowhere'));
    const digest = await putBytes(vault, Buffer.from('true'));
    expect(await getBytes(vault, digest)).toEqual(new Uint8Array(Buffer.from('true')));
  });
});

describe('a vault in a directory', () => {
  test.each(vaultSuite)('$promise', async ({ keep }) => {
    const root = await folder();
    await keep(async () => directoryVault(root));
  });

  test('shows nothing of a write that was cut off', async () => {
    const root = await folder();
    const vault = directoryVault(root);
    await vault.create('changes/a', Buffer.from('whole'));
    await mkdir(join(root, '.unfinished'), { recursive: true });
    await writeFile(join(root, '.unfinished', 'draft'), 'ha');
    expect(await vault.list('')).toEqual(['changes/a']);
  });

  test('leaves no drafts behind', async () => {
    const root = await folder();
    const vault = directoryVault(root);
    await vault.create('a', Buffer.from('1'));
    await vault.create('a', Buffer.from('2'));
    expect(await readdir(join(root, '.unfinished'))).toEqual([]);
  });
});

test('never hands out bytes that do not hash to the digest they are stored under', async () => {
  const root = await folder();
  const vault = directoryVault(root);
  const digest = await putBytes(vault, Buffer.from('agreed'));
  await writeFile(join(root, 'objects/sha256', digest.slice(7)), 'changed underneath');
  expect(await getBytes(vault, digest)).toBe('altered');
});
