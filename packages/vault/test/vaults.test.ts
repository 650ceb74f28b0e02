import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { directoryVault } from '../src/directory-vault.ts';
import { memoryVault } from '../src/memory-vault.ts';
import { getBytes, putBytes } from '../src/objects.ts';
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
