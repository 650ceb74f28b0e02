import { matching, whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';

export const repository = matching(/^[\w.-]+\/[\w.-]+$/, 'owner/name');
export const escrow = matching(/^td\/rotation\/[\w+=.@-]{1,200}$/, 'a secret below td/rotation/');

const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a time such as 2026-12-20T00:00:00Z');

/** Times, each with why. */
export const spans = v.array(v.strictObject({ from: time, to: time, reason: v.string() }));

/** What every credential of a contract has. */
export const ofEvery = {
  /** Names the journal, so it stays the same for ever. */
  id: matching(/^[a-z][a-z0-9-]{1,39}$/, 'a name such as ci-legacy'),
  maxAgeDays: v.optional(whole(10, 365)),
  /** Times in which no rotation begins or changes over, but for a leak. */
  freezes: v.optional(spans),
};

/** Of a credential whose old one is kept for a while, in case that somebody still needs it. */
export const retiring = {
  graceDays: v.optional(whole(7, 90)),
  drainDays: v.optional(whole(2, 180)),
};
