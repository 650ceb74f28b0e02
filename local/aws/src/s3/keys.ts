import type { Bucket } from './state.ts';

/** Keys of a bucket in the order of their bytes. They are kept beside its objects, which are plain data without an order. */
const kept = new WeakMap<Bucket['objects'], string[]>();

export function sortedKeys({ objects }: Pick<Bucket, 'objects'>): readonly string[] {
  const known = kept.get(objects);
  if (known) return known;
  const keys = Object.keys(objects).sort(compareBytes);
  kept.set(objects, keys);
  return keys;
}

/** After a key got its first version. */
export function keyAdded({ objects }: Pick<Bucket, 'objects'>, key: string): void {
  const keys = kept.get(objects);
  keys?.splice(firstFrom(keys, key), 0, key);
}

/** After a key lost its last version. */
export function keyRemoved({ objects }: Pick<Bucket, 'objects'>, key: string): void {
  const keys = kept.get(objects);
  keys?.splice(firstFrom(keys, key), 1);
}

/** Place of the first key that is not before `key`. */
export function firstFrom(keys: readonly string[], key: string): number {
  return firstPlace(keys, 0, (one) => compareBytes(one, key) >= 0);
}

/** Place of the first key after `key`. */
export function firstAfter(keys: readonly string[], key: string): number {
  return firstPlace(keys, 0, (one) => compareBytes(one, key) > 0);
}

/** Place of the first key that does not begin with `prefix`, given the place of one that does. */
export function firstBeyond(keys: readonly string[], prefix: string, from: number): number {
  return firstPlace(keys, from, (one) => !one.startsWith(prefix));
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Halves the rest until it has found the first place, from `from` on, where `holds` begins to hold. */
function firstPlace(keys: readonly string[], from: number, holds: (key: string) => boolean): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(keys[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}
