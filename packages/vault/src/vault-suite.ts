import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { Vault } from './ports.ts';

/** One thing that every vault promises. `open` gives an empty vault; two calls give the same one through two clients. */
export interface VaultPromise {
  readonly promise: string;
  readonly keep: (open: () => Promise<Vault>) => Promise<void>;
}

const bytes = (text: string) => Buffer.from(text);
const RACERS = 24;

/** What every adapter of the port keeps, whatever is behind it. Run by the tests of each adapter. */
export const vaultSuite: readonly VaultPromise[] = [
  {
    promise: 'says undefined for what was never written, and nothing else',
    keep: async (open) => {
      const vault = await open();
      equal(await vault.read('changes/none.json'), undefined);
      deepEqual(await vault.list('changes/'), []);
    },
  },
  {
    promise: 'gives back exactly the bytes that were created, with the version that create answered',
    keep: async (open) => {
      const vault = await open();
      const every = Uint8Array.from({ length: 256 }, (_, i) => i);
      const created = await vault.create('objects/a', every);
      const stored = await (await open()).read('objects/a');
      deepEqual([...(stored?.bytes ?? [])], [...every]);
      deepEqual(created, { version: stored?.version });
    },
  },
  {
    promise: 'creates a key once',
    keep: async (open) => {
      const vault = await open();
      await vault.create('objects/a', bytes('first'));
      equal(await vault.create('objects/a', bytes('second')), 'exists');
      equal(await vault.create('objects/a', bytes('first')), 'exists');
      equal(await text(vault, 'objects/a'), 'first');
    },
  },
  {
    promise: 'replaces only what still holds the version named',
    keep: async (open) => {
      const vault = await open();
      const first = await vault.create('locks/a', bytes('1'));
      ok(first !== 'exists');
      const second = await vault.replace('locks/a', bytes('2'), first.version);
      ok(second !== 'changed');
      notEqual(second.version, first.version);
      equal(await vault.replace('locks/a', bytes('3'), first.version), 'changed');
      equal(await vault.create('locks/a', bytes('4')), 'exists');
      deepEqual(await vault.read('locks/a'), { bytes: Uint8Array.from(bytes('2')), version: second.version });
    },
  },
  {
    promise: 'replaces nothing that was never written',
    keep: async (open) => {
      const vault = await open();
      const { version } = Object(await vault.create('locks/other', bytes('1')));
      equal(await vault.replace('locks/a', bytes('2'), version), 'changed');
      equal(await vault.read('locks/a'), undefined);
    },
  },
  {
    promise: 'lists the keys under a prefix, sorted, each once, also after they were replaced',
    keep: async (open) => {
      const vault = await open();
      for (const key of ['c/b/0001', 'c/b/0000', 'c/a', 'd/x', 'c/b10']) await vault.create(key, bytes(key));
      const { version } = Object(await vault.read('c/a'));
      await vault.replace('c/a', bytes('again'), version);
      deepEqual(await vault.list('c/'), ['c/a', 'c/b/0000', 'c/b/0001', 'c/b10']);
      deepEqual(await vault.list('c/b'), ['c/b/0000', 'c/b/0001', 'c/b10']);
      deepEqual(await vault.list('c/b/'), ['c/b/0000', 'c/b/0001']);
    },
  },
  {
    promise:
      'lists folders in the place of what is in them, each once, and only as many entries as are asked for',
    keep: async (open) => {
      const vault = await open();
      for (const key of ['c/a/0', 'c/a/1', 'c/b.x', 'c/b/0', 'c/c', 'd/a/0'])
        await vault.create(key, bytes(key));
      deepEqual(await vault.list('c/', undefined, { folders: true }), ['c/a/', 'c/b.x', 'c/b/', 'c/c']);
      deepEqual(await vault.list('c/', 'c/b', { folders: true }), ['c/b.x', 'c/b/', 'c/c']);
      deepEqual(await vault.list('c/', 'c/a/', { folders: true, first: 2 }), ['c/b.x', 'c/b/']);
      deepEqual(await vault.list('c/', undefined, { first: 2 }), ['c/a/0', 'c/a/1']);
      deepEqual(await vault.list('c/', undefined, { first: 9 }), ['c/a/0', 'c/a/1', 'c/b.x', 'c/b/0', 'c/c']);
    },
  },
  {
    promise: 'lists only what stands after a key, whether that is there or not',
    keep: async (open) => {
      const vault = await open();
      for (const key of ['c/a', 'c/b/0000', 'c/b/0001', 'c/c', 'd/x']) await vault.create(key, bytes(key));
      deepEqual(await vault.list('c/', 'c/b/0000'), ['c/b/0001', 'c/c']);
      deepEqual(await vault.list('c/', 'c/b'), ['c/b/0000', 'c/b/0001', 'c/c']);
      deepEqual(await vault.list('c/', 'c/z'), []);
      deepEqual(await vault.list('c/', 'a'), ['c/a', 'c/b/0000', 'c/b/0001', 'c/c']);
    },
  },
  {
    promise: 'lets one of many racing creators win, and keeps what the winner wrote',
    keep: async (open) => {
      const racers = await Promise.all(Array.from({ length: RACERS }, open));
      const answers = await Promise.all(racers.map((vault, i) => vault.create('race', bytes(`racer ${i}`))));
      const winners = answers.flatMap((answer, i) => (answer === 'exists' ? [] : [i]));
      equal(winners.length, 1);
      equal(await text(await open(), 'race'), `racer ${winners[0]}`);
    },
  },
  {
    promise: 'loses no update when many replace the same key',
    keep: async (open) => {
      await (await open()).create('count', bytes('0'));
      const counters = await Promise.all(Array.from({ length: 8 }, open));
      await Promise.all(counters.map((vault, writer) => count(vault, writer, 3)));
      equal(Number.parseInt((await text(await open(), 'count')) ?? '', 10), 8 * 3);
    },
  },
  {
    promise: 'refuses a key that could leave the vault',
    keep: async (open) => {
      const vault = await open();
      for (const key of ['../a', '/a', 'a//b', 'a/', 'a/../b', '', 'a b', 'a\\b', '.a', 'a/.b']) {
        await rejects(vault.read(key), TypeError, key);
        await rejects(vault.create(key, bytes('x')), TypeError, key);
      }
    },
  },
];

async function text(vault: Vault, key: string): Promise<string | undefined> {
  const stored = await vault.read(key);
  return stored && Buffer.from(stored.bytes).toString();
}

/**
 * Adds one to the number under `count`, `times` times, and starts again when another writer was faster. It writes its name
 * beside the number: of two writers of the same bytes, one whose answer was lost would believe that it won.
 */
async function count(vault: Vault, writer: number, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const stored = await vault.read('count');
    ok(stored);
    const next = bytes(`${Number.parseInt(Buffer.from(stored.bytes).toString(), 10) + 1} by ${writer}`);
    if ((await vault.replace('count', next, stored.version)) !== 'changed') done += 1;
  }
}
