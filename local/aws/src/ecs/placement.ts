import type { Subnet } from './state.ts';

/** Where a wanted task runs already. */
export interface Placed {
  readonly zone: string;
  readonly primary: boolean;
}

/** Spreads the PRIMARY deployment's tasks over the zones first, then the service's; ties go to the earlier subnet. */
export function choosePlace(subnets: readonly Subnet[], placed: readonly Placed[]): Subnet | undefined {
  const load = (subnet: Subnet, primaryOnly: boolean) =>
    placed.filter((task) => task.zone === subnet.zone && (task.primary || !primaryOnly)).length;
  return [...subnets].sort((a, b) => load(a, true) - load(b, true) || load(a, false) - load(b, false))[0];
}

/** The next free host number of a subnet. AWS keeps the first four addresses and the last ("Subnet CIDR blocks"). */
export function nextHost(
  cidr: string,
  last: number,
  taken: (address: string) => boolean,
): number | undefined {
  const [, bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = 4;
  const usable = size - first - 1;
  for (let tried = 0; tried < usable; tried += 1) {
    const host = first + ((Math.max(last, first - 1) - first + 1 + tried) % usable);
    if (!taken(addressOf(cidr, host))) return host;
  }
  return undefined;
}

export function addressOf(cidr: string, host: number): string {
  const base = (cidr.split('/')[0] ?? '').split('.').map(Number);
  const number = base.reduce((sum, part) => sum * 256 + part, 0) + host;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
