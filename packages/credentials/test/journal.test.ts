import { expect, test } from '@jest/globals';
import { append, type Journal, readJournal } from '@tenant-delivery/rotation/journal';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import { readGithubDeployKeyFact } from '../src/github-deploy-key/facts.ts';
import { readIamAccessKeyFact } from '../src/iam-access-key/facts.ts';

type F = { readonly kind: string };
const by = { run: '1', attempt: 1, actor: 'schedule', commit: 'c0ffee', process: 'p1' };
const at = Date.UTC(2026, 10, 24);
const readFact = (value: unknown) => ({ fact: value as F }); // the facts of these tests are their own

async function written(vault: Vault, kinds: readonly string[]): Promise<Journal<F>> {
  let journal = await readJournal<F>(vault, 'ci', readFact);
  for (const kind of kinds) {
    const next = await append(vault, journal, { at, by, fact: { kind } });
    if (next === 'raced') throw new Error('raced');
    journal = next;
  }
  return journal;
}

test('a journal is read back as it was written, from its newest generation', async () => {
  const vault = memoryVault();
  const journal = await written(vault, ['opened', 'noted', 'closed', 'opened', 'noted']);
  expect(await readJournal<F>(vault, 'ci', readFact)).toEqual(journal);
  expect(await vault.list('rotation/')).toEqual([
    'rotation/ci/0001/0000.json',
    'rotation/ci/0001/0001.json',
    'rotation/ci/0001/0002.json',
    'rotation/ci/0002/0000.json',
    'rotation/ci/0002/0001.json',
  ]);
});

test('of two runs that go on from the same entry one loses, and nothing of the winner is lost', async () => {
  const vault = memoryVault();
  const journal = await written(vault, ['opened']);
  const entry = (process: string) => ({ at, by: { ...by, process }, fact: { kind: 'noted' } });
  const answers = await Promise.all([
    append(vault, journal, entry('p1')),
    append(vault, journal, entry('p2')),
  ]);
  expect(answers.filter((answer) => answer === 'raced')).toHaveLength(1);
  expect((await readJournal<F>(vault, 'ci', readFact)).entries[1]?.by.process).toBe('p1');
});

test('an entry whose answer was lost is known again, and no entry of another run is taken for it', async () => {
  const vault = memoryVault();
  const journal = await written(vault, ['opened']);
  const deaf: Vault = {
    ...vault,
    create: async (key, bytes) => {
      await vault.create(key, bytes);
      throw new Error('reset');
    },
  };
  const next = await append(deaf, journal, { at, by, fact: { kind: 'noted' } });
  expect(next).not.toBe('raced');
  expect(await append(deaf, journal, { at, by: { ...by, process: 'p2' }, fact: { kind: 'noted' } })).toBe(
    'raced',
  );
});

test.each<[string, (vault: Vault) => Promise<unknown>]>([
  [
    'a changed last entry of the generation before',
    (vault) => overwrite(vault, 'rotation/ci/0001/0001.json', 'c0ffee', 'decafe'),
  ],
  [
    'an entry of another credential',
    (vault) => overwrite(vault, 'rotation/ci/0002/0001.json', '"credential":"ci"', '"credential":"cd"'),
  ],
  [
    'an object that is no entry, and sorts after all of them',
    (vault) => vault.create('rotation/ci/notes.md', Buffer.from('{}')),
  ],
  ['a gap', async (vault) => vault.create('rotation/ci/0002/0003.json', Buffer.from('{}'))],
  ['a text that is no entry', async (vault) => vault.create('rotation/ci/0002/0002.json', Buffer.from('{}'))],
])('a journal with %s is not believed', async (_, spoil) => {
  const vault = memoryVault();
  await written(vault, ['opened', 'closed', 'opened', 'noted']);
  await spoil(vault);
  const reading = readJournal<F>(vault, 'ci', readFact);

  await expect(reading).rejects.toMatchObject({ code: 'ROTATION_JOURNAL_BROKEN' });
});

async function overwrite(vault: Vault, key: string, from: string, to: string): Promise<void> {
  const stored = await vault.read(key);
  const bytes = Buffer.from(
    Buffer.from(stored?.bytes ?? [])
      .toString()
      .replace(from, to),
  );
  await vault.replace(key, bytes, stored?.version ?? '');
}

test.each([readIamAccessKeyFact, readGithubDeployKeyFact])(
  'an opening that does not say what existed is not read',
  (read) => {
    const opened = {
      kind: 'opened',
      reason: 'due',
      account: '000000000042',
      user: 'u',
      repository: 'acme/library',
    };
    expect(read({ ...opened, before: ['a'], consumers: [] })).toHaveProperty('fact');
    expect(read({ ...opened, consumers: [] })).toEqual({ problem: 'opens without saying what existed' });
  },
);
