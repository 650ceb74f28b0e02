import { digestOf } from './objects.ts';
import type { Stored, Vault } from './ports.ts';

/** What is stored under these prefixes is written once and for good, as the bucket's policy says. */
const WRITTEN_ONCE = /^(changes|seen)\//;
const LOCK = /^locks\//;
const DOCUMENT = /^objects\/sha256\/([0-9a-f]{64})$/;

type Memory = Pick<Vault, 'read' | 'create' | 'replace'>;

/**
 * A vault that is not asked again for what this job has read from it or written to it. `memory` holds what is written once:
 * events, documents, and which contracts were seen; and of a lock what this job wrote last. Nothing in it is trusted more than the vault itself: readers verify signatures and digests.
 */
export function rememberingVault(vault: Vault, memory: Memory): Vault {
  const remember = async (key: string, bytes: Uint8Array) => {
    if (isForGood(key, bytes)) await memory.create(key, bytes).catch(() => {}); // costs a request later
  };
  const reading = new Map<string, Promise<Stored | undefined>>();
  const readOnce = async (key: string): Promise<Stored | undefined> => {
    const known = await memory.read(key).catch(() => undefined);
    if (known && isForGood(key, known.bytes)) return known;
    const stored = await vault.read(key);
    if (stored) await remember(key, stored.bytes);
    return stored;
  };
  return {
    // Two who ask for a document at once share one request. Of other keys, the second could miss what was written meanwhile.
    read: (key) => {
      if (!DOCUMENT.test(key)) return readOnce(key);
      const shared = reading.get(key) ?? readOnce(key).finally(() => reading.delete(key));
      reading.set(key, shared);
      return shared;
    },
    create: async (key, bytes) => {
      const written = await vault.create(key, bytes);
      if (written === 'exists') return written;
      await remember(key, bytes);
      if (LOCK.test(key)) await rememberWritten(memory, key, { bytes, version: written.version });
      return written;
    },
    replace: async (key, bytes, ifVersion) => {
      const written = await vault.replace(key, bytes, ifVersion);
      if (LOCK.test(key) && written !== 'changed')
        await rememberWritten(memory, key, { bytes, version: written.version });
      return written;
    },
    written: (key) => lastWritten(memory, key),
    list: vault.list,
  };
}

/** A document that was altered in the vault is not remembered: it may be put right. */
function isForGood(key: string, bytes: Uint8Array): boolean {
  const [, sha256] = DOCUMENT.exec(key) ?? [];
  return sha256 === undefined ? WRITTEN_ONCE.test(key) : digestOf(bytes) === `sha256:${sha256}`;
}

/** A version and the bytes below it. What can't be remembered costs a request later. */
async function rememberWritten(memory: Memory, key: string, { bytes, version }: Stored): Promise<void> {
  const note = Buffer.concat([Buffer.from(`${version}\n`), bytes]);
  const keeping = async () => {
    const before = await memory.read(key);
    return before ? memory.replace(key, note, before.version) : memory.create(key, note);
  };
  await keeping().catch(() => {});
}

async function lastWritten(memory: Memory, key: string): Promise<Stored | undefined> {
  const note = await memory.read(key).catch(() => undefined);
  const end = note?.bytes.indexOf(0x0a) ?? -1;
  if (!note || end < 0) return undefined;
  return {
    version: Buffer.from(note.bytes.subarray(0, end)).toString(),
    bytes: note.bytes.subarray(end + 1),
  };
}
