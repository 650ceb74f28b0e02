import { matching, whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { repository } from './terms.ts';

/** The longest time between two uses; the old key is retired after twice as long without one. */
const cadenceHours = whole(1, 1440);
const secretName = matching(/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,80}$/, 'the name of a secret of Actions');

const inGithub = {
  kind: v.literal('github'),
  /** The repository whose workflows read the key. */
  repository,
  /** The environment of that repository that has the secrets; the repository has them where none is named. */
  environment: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(255, 'is too long'))),
  /**
   * `true`: the organisation that owns the repository has the secrets, and every repository that sees them may read the
   * key.
   */
  organisation: v.optional(v.literal(true)),
  /** The workflow of that repository that shows which key it finds. */
  probe: matching(/^[\w.-]+\.ya?ml$/, 'the file name of a workflow'),
  /** The branch whose workflow is run for that; `main` when absent. */
  ref: v.optional(matching(/^[\w./-]{1,200}$/, 'a branch')),
  cadenceHours,
};

/** Two slots and a variable: `name` is what the names of all of them begin with. */
export const Slots = v.strictObject({ ...inGithub, mode: v.literal('slots'), name: secretName });

/** Two secrets that are written over; runs between the two writes get halves of two keys. */
const Pair = v.strictObject({ ...inGithub, mode: v.literal('pair'), idName: secretName, secretName });

/** People or systems that take the key from escrow, and say so. */
export const External = v.strictObject({
  kind: v.literal('external'),
  name: matching(/^[\w.-]{1,60}$/, 'a name of letters, digits, dots, hyphens'),
  cadenceHours,
});

/** A system of the same account that reads the key from a secret of its own: JSON with `accessKeyId`, `secretAccessKey`. */
const SystemSecret = v.strictObject({
  kind: v.literal('secrets-manager'),
  secret: matching(
    /^(?!td\/rotation\/|ecr-pullthroughcache\/)[\w/.@-]{1,200}$/,
    'a secret that is in no escrow and of no pull-through cache',
  ),
  /** The role that reads it, by its name; without one, somebody acknowledges for the system. */
  reader: v.optional(matching(/^[\w+=,.@-]{1,64}$/, 'the name of a role')),
  cadenceHours,
});

export const CredentialConsumer = v.variant('kind', [
  v.variant('mode', [Slots, Pair]),
  SystemSecret,
  External,
]);
export type CredentialConsumer = v.InferOutput<typeof CredentialConsumer>;

/** The name under which people say that a consumer has a key; `undefined` where it shows that itself. */
export function acknowledging(consumer: CredentialConsumer): string | undefined {
  if (consumer.kind === 'external') return consumer.name;
  return consumer.kind === 'secrets-manager' && consumer.reader === undefined ? consumer.secret : undefined;
}
