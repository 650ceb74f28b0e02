import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOwnNames } from './own-names.ts';

/** The stores of all services, each plain data under its name, account and region. */
export interface Stores {
  open<T extends object>(name: string, account: string, region: string, make: () => T): T;
  /** A store by its key, if it has been opened. */
  stored(key: string): object | undefined;
  /** Writes within a moment; several changes become one write. */
  saveSoon(): void;
  /** Writes for the last time; later changes are lost. */
  end(): void;
}

/** Under which a store is kept. */
export function keyOf(name: string, account: string, region: string): string {
  return [name, account, region].join('/');
}

const DELAY = 50; // milliseconds between a change and its write

/** Without a directory nothing is written. The file is replaced in one step, so a reader never sees half of it. */
export function savedStores(directory: string | undefined): Stores {
  const file = directory === undefined ? undefined : join(directory, 'state.json');
  const stores: Record<string, object> = file === undefined ? {} : load(file);
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify(stores));
    renameSync(`${file}.new`, file);
  };
  return {
    open: <T extends object>(name: string, account: string, region: string, make: () => T) => {
      const key = keyOf(name, account, region);
      stores[key] ??= withOwnNames(make());
      return stores[key] as T; // each service opens its own name with its own type
    },
    stored: (key) => stores[key],
    saveSoon: () => {
      if (file === undefined || timer || ended) return;
      timer = setTimeout(save, DELAY);
      timer.unref();
    },
    end: () => {
      save();
      ended = true;
    },
  };
}

function load(file: string): Record<string, object> {
  try {
    return withOwnNames(JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>); // written by save above
  } catch (cause) {
    if (Reflect.get(Object(cause), 'code') === 'ENOENT') return {};
    throw new Error(`${file} is not the saved state of local-aws; move it away or name another directory`, {
      cause,
    });
  }
}
