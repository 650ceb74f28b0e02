import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { assertKey } from './key.ts';
import { listed } from './listed.ts';
import type { Vault } from './ports.ts';

/**
 * A vault in a directory. The first bytes of `key` are the file `key`; each replacement is a further file
 * `key@/2`, `key@/3`, … and the highest counts. A file appears by `link`, whole and only if its name is free:
 * so every verb is atomic between processes, needs no lock, and a crash leaves at most a file in `.unfinished`.
 */
export function directoryVault(root: string): Vault {
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(root, key);
  };
  return {
    read: async (key) => {
      const path = pathOf(key);
      const generation = await newest(path);
      const bytes = await unlessAbsent(readFile(fileOf(path, generation)));
      return bytes && { bytes: Uint8Array.from(bytes), version: String(generation) };
    },
    create: async (key, bytes) => publish(root, pathOf(key), 1, bytes, 'exists'),
    replace: async (key, bytes, ifVersion) => {
      const path = pathOf(key);
      if (String(await newest(path)) !== ifVersion) return 'changed';
      if ((await unlessAbsent(readFile(path))) === undefined) return 'changed';
      return publish(root, path, Number(ifVersion) + 1, bytes, 'changed');
    },
    list: async (prefix, after = '', shape) => {
      const folder = join(root, prefix.slice(0, prefix.lastIndexOf('/') + 1));
      const keys = (await filesUnder(folder)).map((file) => relative(root, file).split(sep).join('/'));
      return listed(keys, prefix, after, shape);
    },
  };
}

async function publish<Refusal extends string>(
  root: string,
  path: string,
  generation: number,
  bytes: Uint8Array,
  refusal: Refusal,
): Promise<{ readonly version: string } | Refusal> {
  const unfinished = join(root, '.unfinished');
  const file = fileOf(path, generation);
  await Promise.all([mkdir(unfinished, { recursive: true }), mkdir(dirname(file), { recursive: true })]);
  const draft = join(unfinished, randomUUID());
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
    return { version: String(generation) };
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return refusal;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

function fileOf(path: string, generation: number): string {
  return generation === 1 ? path : join(`${path}@`, String(generation));
}

async function newest(path: string): Promise<number> {
  const generations = (await unlessAbsent(readdir(`${path}@`))) ?? [];
  return Math.max(1, ...generations.map(Number));
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = (await unlessAbsent(readdir(folder, { withFileTypes: true }))) ?? [];
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return entry.name.endsWith('@') || entry.name.startsWith('.') ? [] : filesUnder(path);
  });
  return (await Promise.all(found)).flat();
}

async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
