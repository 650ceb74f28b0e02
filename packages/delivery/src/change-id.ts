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

/** Stands before every change id that was made at this time or later, and after all that were made before. */
export function firstIdAt(time: number): string {
  return newChangeId(Math.max(0, time), new Uint8Array(10)).slice(0, 'chg_'.length + 10);
}

/** When a change id was made: milliseconds since the epoch. */
export function timeOf(changeId: string): number {
  const digits = changeId.slice('chg_'.length, 'chg_'.length + 10);
  return [...digits].reduce((time, digit) => time * 32 + CROCKFORD.indexOf(digit), 0);
}
