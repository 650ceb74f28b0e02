import {
  type Given,
  inputsInvalid,
  integer,
  oneOf,
  optional,
  readInputs,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { targetInputs } from '@tenant-delivery/delivery/inputs';

const MODES = ['open-grant', 'close-grant', 'revoke-grants', 'list-grants'] as const;

const { service: _, ...place } = targetInputs;

/** What is required depends on the mode. */
export const inputs = {
  ...place,
  mode: oneOf(...MODES),
  credential: text('the id of breakGlass in the contract', /^[a-z][a-z0-9-]{1,39}$/),
  requester: optional(text('who gets the role, as the identity provider names them', /^[\w+=,.@-]{2,64}$/)),
  principal: optional(text('the name of a principal in the contract', /^[a-z][a-z0-9-]{1,39}$/)),
  incident: optional(text('the id of the incident', /^[\w.:/#-]{1,80}$/)),
  reason: optional(text('why, in up to 500 characters', /^[^\n]{1,500}$/)),
  minutes: optional(integer(1, 60)),
  grant: optional(text('the id of a grant, such as G123456789', /^G[0-9A-Za-z]{1,31}$/)),
  'github-token': optional(text("the job's token, which reads who approved")),
};

export type GrantInputs = Given<typeof inputs>;

const NEEDED: Readonly<Record<(typeof MODES)[number], readonly (keyof typeof inputs)[]>> = {
  'open-grant': ['requester', 'principal', 'incident', 'reason', 'minutes', 'github-token'],
  'close-grant': ['grant'],
  'revoke-grants': ['requester'],
  'list-grants': [],
};

export function readGrantInputs(runner: Runner): GrantInputs {
  const given = readInputs(runner, inputs);
  const missing = NEEDED[given.mode].filter((name) => given[name] === undefined);
  if (missing.length > 0)
    throw inputsInvalid(missing.map((name) => `${name} is missing: ${given.mode} needs it`));
  return given;
}
