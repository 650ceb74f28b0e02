/** What a key held when it was read. `version` is the store's own token for exactly these bytes. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/**
 * A tenant's vault: four verbs, atomic per key.
 * Every verb throws when the store could not be asked; `undefined`, `exists` and `changed` are the store's own words.
 */
export interface Vault {
  /** `undefined` only when the store said that nothing is there. */
  read(key: string): Promise<Stored | undefined>;
  /** Writes only if the key has never been written. */
  create(key: string, bytes: Uint8Array): Promise<{ readonly version: string } | 'exists'>;
  /**
   * Writes only if the key still holds `ifVersion`. If an answer is lost, a key that holds these very bytes counts as
   * written: writers that race must write bytes of their own.
   */
  replace(
    key: string,
    bytes: Uint8Array,
    ifVersion: string,
  ): Promise<{ readonly version: string } | 'changed'>;
  /**
   * What this job last wrote under a key that is written again and again, if it remembers. Others may have written since:
   * only a `replace` that succeeds proves that nobody has.
   */
  written?(key: string): Promise<Stored | undefined>;
  /**
   * All keys that begin with `prefix`, sorted; with `after`, only those that come after it in that order. `shape` makes
   * the answer shorter.
   */
  list(prefix: string, after?: string, shape?: ListShape): Promise<readonly string[]>;
}

export interface ListShape {
  /** Keys that go on with a `/` after the prefix are one entry for each folder, which ends with the `/`. */
  readonly folders?: boolean;
  /** Only so many entries. */
  readonly first?: number;
}
