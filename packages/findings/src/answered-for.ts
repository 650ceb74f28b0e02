import { DAY } from '@tenant-delivery/domain';
import * as v from 'valibot';

/** Members of what one person answers for until a day, with another person's approval. */
export const text = (most: number) =>
  v.pipe(
    v.string('must be a text'),
    v.trim(),
    v.minLength(1, 'is empty'),
    v.maxLength(most, `is longer than ${most} characters`),
  );

export const reason = v.pipe(text(1000), v.minLength(10, 'must say why in at least 10 characters'));

/** With `*` for any run of characters. */
export const globs = v.pipe(
  v.array(text(300), 'must be a list of texts'),
  v.minLength(1, 'is empty'),
  v.maxLength(50, 'has more than 50'),
);

/** A whole day in UTC. */
export const day = v.pipe(
  v.string('must be a day such as 2026-12-31'),
  v.check(
    (value) => /^\d{4}-\d\d-\d\d$/.test(value) && dayOf(startOf(value)) === value,
    'must be a day such as 2026-12-31',
  ),
);

interface Answered {
  readonly owner: string;
  readonly approvedBy: string;
  readonly created: string;
  readonly expires: string;
}

/** What the schema of an object with these members checks in addition to each member. */
export const somebodyElseApproves = <T extends Answered>() =>
  v.check<T, string>(
    ({ owner, approvedBy }) => !samePerson(owner, approvedBy),
    'is the owner; somebody else must approve',
  );

export const endsAfterItsStart = <T extends Answered>() =>
  v.check<T, string>(
    ({ created, expires }) => created <= expires,
    'is before the day on which it was created',
  );

export function samePerson(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(name: string): string {
  return name.normalize('NFKC').trim().replace(/^@/, '').toLowerCase();
}

/** Days that it is good for, its first and its last one included. */
export function daysOf({ created, expires }: Pick<Answered, 'created' | 'expires'>): number {
  return Math.round((startOf(expires) - startOf(created)) / DAY) + 1;
}

/** The moment at which it no longer holds, in milliseconds since the epoch. */
export function endOf({ expires }: Pick<Answered, 'expires'>): number {
  return startOf(expires) + DAY;
}

/** The moment at which a day begins, in milliseconds since the epoch. */
export function startOf(value: string): number {
  return Date.parse(`${value}T00:00:00Z`);
}

function dayOf(at: number): string | undefined {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : undefined;
}
