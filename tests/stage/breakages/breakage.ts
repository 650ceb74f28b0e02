import type { LocalPlatform } from '@tenant-delivery/local-platform';

/** Something in acme's production that somebody changed by hand. */
export interface Breakage {
  readonly what: string;
  /** Breaks it, and answers how to mend it again. */
  readonly breaks: (platform: LocalPlatform) => () => void;
  /** The lines that turn wrong, each with a part of the command that mends it. */
  readonly wrong: Readonly<Record<string, string>>;
  /** Lines that can't be seen any more. */
  readonly unknown?: readonly string[];
}

/** Puts something else into a record for a while. `undefined` takes it away. */
export function put<T>(
  record: Record<string, T>,
  name: string,
  other: (own: T) => T | undefined,
): () => void {
  const key = Object.keys(record).find((one) => one === name || one.split('/').includes(name)) ?? name; // an ARN ends with an id
  const own = record[key];
  if (own === undefined) throw new Error(`there is no ${name}`);
  const changed = other(own);
  if (changed === undefined) delete record[key];
  else record[key] = changed;
  return () => {
    record[key] = own;
  };
}
