import { type Given, integer, oneOf, optional, text } from '@tenant-delivery/action-kit/readers';
import { targetInputs } from '@tenant-delivery/delivery/inputs';

export const GRANT_MODES = ['open-grant', 'close-grant', 'revoke-grants', 'list-grants'] as const;

const { service: _, ...place } = targetInputs;

/** Of grants for an incident. Which of them a mode needs, `grantMistakes` says. */
export const granting = {
  ...place,
  contract: oneOf('signed', 'none'),
  mode: oneOf(...GRANT_MODES),
  credential: text('the id of breakGlass in the contract', /^[a-z][a-z0-9-]{1,39}$/),
  requester: optional(text('who gets the role, as the identity provider names them', /^[\w+=,.@-]{2,64}$/)),
  principal: optional(text('the name of a principal in the contract', /^[a-z][a-z0-9-]{1,39}$/)),
  incident: optional(text('the id of the incident', /^[\w.:/#-]{1,80}$/)),
  reason: optional(text('why, in up to 500 characters', /^[^\n]{1,500}$/)),
  minutes: optional(integer(1, 60)),
  grant: optional(text('the id of a grant, such as G123456789', /^G[0-9A-Za-z]{1,31}$/)),
  'github-token': optional(text("the job's token, which reads who approved")),
};

export type GrantInputs = Given<typeof granting>;

const NEEDED: Readonly<Record<(typeof GRANT_MODES)[number], readonly (keyof typeof granting)[]>> = {
  'open-grant': ['requester', 'principal', 'incident', 'reason', 'minutes', 'github-token'],
  'close-grant': ['grant'],
  'revoke-grants': ['requester'],
  'list-grants': [],
};

export function grantMistakes(given: GrantInputs): readonly string[] {
  return [
    ...(given.contract === 'none'
      ? ['contract is "none": grants are what a contract agrees on, so remove it']
      : []),
    ...NEEDED[given.mode]
      .filter((name) => given[name] === undefined)
      .map((name) => `${name} is missing: ${given.mode} needs it`),
  ];
}
