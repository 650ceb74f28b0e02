import { directoryBlobs, memoryBlobs } from './blobs.ts';
import type { VirtualClock } from './clock.ts';
import { savedStores } from './saved.ts';
import type { World } from './world.ts';

/** A world with its beginning and its ending. */
export interface LocalWorld extends World {
  addAccount(account: string): void;
  close(): Promise<void>;
}

interface Beginning {
  readonly clock: VirtualClock;
  readonly url: () => string;
  readonly runtime: World['runtime'];
  /** Where the state is saved, and found again by a later world. In memory when absent. */
  readonly directory?: string | undefined;
}

export function localWorld({ clock, url, runtime, directory }: Beginning): LocalWorld {
  const stores = savedStores(directory);
  const known = stores.open('accounts', '', '', () => ({ ids: [] as string[] }));
  const endings: (() => Promise<void> | void)[] = [];
  return {
    clock,
    runtime,
    blobs: directory === undefined ? memoryBlobs() : directoryBlobs(`${directory}/blobs`),
    get accounts() {
      return new Set(known.ids);
    },
    get url() {
      return url();
    },
    state: (name, account, region, make) => stores.open(name, account, region, make),
    stored: (key) => stores.stored(key),
    touched: () => stores.saveSoon(),
    onClose: (end) => void endings.push(end),
    addAccount: (account) => {
      if (!known.ids.includes(account)) known.ids.push(account);
      stores.saveSoon();
    },
    close: async () => {
      for (const end of endings.reverse()) await end();
      stores.end();
    },
  };
}
