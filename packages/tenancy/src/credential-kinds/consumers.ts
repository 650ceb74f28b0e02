import * as v from 'valibot';
import { from, matching, repository } from './terms.ts';

/** The longest time between two uses; the old key is retired after twice as long without one. */
const cadenceHours = from(1, 1440);
const secretName = matching(/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,80}$/, 'the name of a secret of Actions');

const inGithub = {
  kind: v.literal('github'),
  /** Whose workflows read the key. */
  repository,
  /** The environment of that repository that has the secrets; the repository has them where none is named. */
  environment: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(255, 'is too long'))),
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

export const CredentialConsumer = v.variant('kind', [v.variant('mode', [Slots, Pair]), External]);
export type CredentialConsumer = v.InferOutput<typeof CredentialConsumer>;
