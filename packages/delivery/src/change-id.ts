import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A change id that sorts by time: 48 bits of `now` (milliseconds) and 80 random bits, as a ULID has them. */
export function newChangeId(now: number, random: Uint8Array = randomBytes(10)): string {
  const bits = (BigInt(Math.floor(now)) << 80n) | BigInt(`0x${Buffer.from(random).toString('hex')}`);
  const digits = Array.from(
    { length: 26 },
    (_, i) => CROCKFORD[Number((bits >> BigInt((25 - i) * 5)) & 31n)],
  );
  return `chg_${digits.join('')}`;
}

/** When a change id was made: milliseconds since the epoch. */
export function timeOf(changeId: string): number {
  const digits = changeId.slice('chg_'.length, 'chg_'.length + 10);
  return [...digits].reduce((time, digit) => time * 32 + CROCKFORD.indexOf(digit), 0);
}
