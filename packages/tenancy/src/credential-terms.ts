import * as v from 'valibot';

const matching = (pattern: RegExp, what: string) => v.pipe(v.string(), v.regex(pattern, `must be ${what}`));
const from = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

/** The longest time between two uses; the old key is retired after twice as long without one. */
const cadenceHours = from(1, 1440);
const secretName = matching(/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,80}$/, 'the name of a secret of Actions');

const inGithub = {
  kind: v.literal('github'),
  /** Whose workflows read the key. */
  repository: matching(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  /** The environment of that repository that has the secrets; the repository has them where none is named. */
  environment: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(255, 'is too long'))),
  /** The workflow of that repository that shows which key it finds. */
  probe: matching(/^[\w.-]+\.ya?ml$/, 'the file name of a workflow'),
  /** The branch whose workflow is run for that; `main` when absent. */
  ref: v.optional(matching(/^[\w./-]{1,200}$/, 'a branch')),
  cadenceHours,
};

const CredentialConsumer = v.variant('kind', [
  v.variant('mode', [
    /** Two slots and a variable: `name` is what the names of all of them begin with. */
    v.strictObject({ ...inGithub, mode: v.literal('slots'), name: secretName }),
    /** Two secrets that are written over; runs between the two writes get halves of two keys. */
    v.strictObject({ ...inGithub, mode: v.literal('pair'), idName: secretName, secretName }),
  ]),
  /** People or systems that take the key from escrow, and say so. */
  v.strictObject({
    kind: v.literal('external'),
    name: matching(/^[\w.-]{1,60}$/, 'a name of letters, digits, dots, hyphens'),
    cadenceHours,
  }),
]);
export type CredentialConsumer = v.InferOutput<typeof CredentialConsumer>;

const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a time such as 2026-12-20T00:00:00Z');

/** A long-lived credential that has to stay, and how it is rotated. Names and policies, never values. */
export const Credential = v.variant('kind', [
  v.strictObject({
    kind: v.literal('iam-access-key'),
    /** Names the journal, so it stays the same for ever. */
    id: matching(/^[a-z][a-z0-9-]{1,39}$/, 'a name such as ci-legacy'),
    /** With its path: no other users may be rotated by the role of this environment. */
    user: matching(/^td-rotatable\/[\w+=,.@-]{1,64}$/, 'a user below td-rotatable/'),
    /** The secret of Secrets Manager that keeps the key. */
    escrow: matching(/^td\/rotation\/[\w+=.@-]{1,200}$/, 'a secret below td/rotation/'),
    maxAgeDays: v.optional(from(10, 365)),
    graceDays: v.optional(from(7, 90)),
    drainDays: v.optional(from(2, 180)),
    /** Times in which no rotation begins or changes over, but for a leak. */
    freezes: v.optional(v.array(v.strictObject({ from: time, to: time, reason: v.string() }))),
    consumers: v.array(CredentialConsumer),
  }),
]);
export type Credential = v.InferOutput<typeof Credential>;

/** The App by which secrets and variables of GitHub are written; its private key is in a secret of the same account. */
export const RotationApp = v.strictObject({
  id: from(1, Number.MAX_SAFE_INTEGER),
  key: matching(/^td\/rotation\/[\w+=.@-]{1,200}$/, 'a secret below td/rotation/'),
});
export type RotationApp = v.InferOutput<typeof RotationApp>;
