import { BlockList, isIPv4 } from 'node:net';

function prefix(cidr: string): readonly [address: string, bits: number] {
  const [address = '', bits = ''] = cidr.split('/');
  return [address, Number(bits)];
}

/** An IPv4 address and how long its prefix is. */
export function isAddress(cidr: string): boolean {
  const [address, bits] = prefix(cidr);
  return isIPv4(address) && bits <= 32;
}

/** An IPv4 range whose address is its first. */
export function isRange(cidr: string): boolean {
  return isAddress(cidr) && firstOf(cidr) === cidr;
}

/** The range that an address lies in, named by its first one. */
export function firstOf(cidr: string): string {
  const [address, bits] = prefix(cidr);
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = number - (number % 2 ** (32 - bits));
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

/** Whether the prefix is as long as one of these, or between them. */
export function between(cidr: string, least: number, most: number): boolean {
  const [, bits] = prefix(cidr);
  return bits >= least && bits <= most;
}

export function contains(outer: string, inner: string): boolean {
  const list = new BlockList();
  list.addSubnet(...prefix(outer));
  return list.check(prefix(inner)[0]) && prefix(outer)[1] <= prefix(inner)[1];
}

export function overlap(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/** Each two of them, in their order. */
export function pairs<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const));
}
