import { isIPv4 } from 'node:net';

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const addressOf = (number: number) =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');

function spanOf(cidr: string): readonly [first: number, size: number] {
  const [address = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return [Math.floor(numberOf(address) / size) * size, size];
}

export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

/** Whether a range lies in another; they may be the same. */
export function contains(outer: string, inner: string): boolean {
  const [first, size] = spanOf(outer);
  const [start, length] = spanOf(inner);
  return start >= first && start + length <= first + size;
}

/** The n-th address of a range. */
export function nthAddress(cidr: string, n: number): string {
  return addressOf(spanOf(cidr)[0] + n);
}

/** Whether this is an IPv4 range in CIDR notation. */
export function isRange(cidr: string): boolean {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr) ?? [];
  return isIPv4(address) && Number(bits) <= 32;
}

/** A range as EC2 keeps it: 100.68.0.18/18 becomes 100.68.0.0/18. */
export function canonical(cidr: string): string {
  return `${addressOf(spanOf(cidr)[0])}/${cidr.split('/')[1]}`;
}

/** VPCs and subnets have between 16 and 65,536 addresses ("VPC CIDR blocks"). */
export function isNetworkSize(cidr: string): boolean {
  const bits = Number(cidr.split('/')[1]);
  return bits >= 16 && bits <= 28;
}
