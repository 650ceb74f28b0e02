import type { Vault } from '@tenant-delivery/vault/ports';
import type * as fc from 'fast-check';

/** When a verb fails: not at all, before it took effect, or after, with the answer lost. */
export type Fault = 'none' | 'before' | 'after';

/** The store could not be asked, or its answer was lost. Not the store's own word. */
export class VaultUnreachable extends Error {
  override readonly name = 'VaultUnreachable';
}

export interface Written {
  readonly by: string;
  readonly key: string;
  readonly text: string;
}

/**
 * One client's view of a shared vault. Every verb waits for its turn in the schedule and fails as `faults` says,
 * verb by verb; `onWrite` hears each write that took effect, also those whose answer was lost.
 */
export function hostileVault(
  vault: Vault,
  by: string,
  schedule: fc.Scheduler,
  faults: Iterator<Fault>,
  onWrite: (written: Written) => void = () => {},
): Vault {
  const verb = async <T>(name: string, effect: () => Promise<T>): Promise<T> => {
    await schedule.schedule(Promise.resolve(), `${by}: ${name}`);
    const fault = faults.next().value ?? 'none';
    if (fault === 'before') throw new VaultUnreachable(`${name} was not done`);
    const answer = await effect();
    if (fault === 'after') throw new VaultUnreachable(`the answer of ${name} was lost`);
    return answer;
  };
  const write = async <T>(key: string, bytes: Uint8Array, effect: Promise<T>): Promise<T> => {
    const answer = await effect;
    if (typeof answer !== 'string') onWrite({ by, key, text: Buffer.from(bytes).toString() });
    return answer;
  };
  return {
    read: (key) => verb(`read ${key}`, () => vault.read(key)),
    list: (prefix, after) => verb(`list ${prefix}`, () => vault.list(prefix, after)),
    create: (key, bytes) => verb(`create ${key}`, () => write(key, bytes, vault.create(key, bytes))),
    replace: (key, bytes, ifVersion) =>
      verb(`replace ${key}`, () => write(key, bytes, vault.replace(key, bytes, ifVersion))),
  };
}
