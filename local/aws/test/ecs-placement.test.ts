import { expect, test } from '@jest/globals';
import { addressOf, choosePlace, nextHost } from '../src/ecs/placement.ts';
import { ZONES } from './ecs-harness.ts';

test('a task goes to the zone that has fewest tasks of its deployment, then fewest of the service', () => {
  const at = (zone: string, primary: boolean) => ({ zone, primary });
  expect(choosePlace(ZONES, [])?.id).toBe('subnet-a');
  expect(choosePlace(ZONES, [at('eu-west-1a', true), at('eu-west-1b', false)])?.id).toBe('subnet-b');
  expect(choosePlace(ZONES, [at('eu-west-1a', false)])?.id).toBe('subnet-b');
});

test('an address is free, inside the subnet, and none of the five that AWS keeps', () => {
  const cidr = '10.0.255.248/29';
  const taken = new Set<string>();
  let last = 0;
  const given = Array.from({ length: 4 }, () => {
    const host = nextHost(cidr, last, (address) => taken.has(address));
    if (host === undefined) return undefined;
    last = host;
    taken.add(addressOf(cidr, host));
    return addressOf(cidr, host);
  });
  expect(given).toEqual(['10.0.255.252', '10.0.255.253', '10.0.255.254', undefined]);
  taken.delete('10.0.255.253');
  expect(nextHost(cidr, last, (address) => taken.has(address))).toBe(5);
});
