import { matching, whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';

/** Who may be granted the role, by the role that the identity provider gives them. */
const GrantPrincipal = v.strictObject({
  arn: matching(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'the ARN of a role'),
  /**
   * How AWS knows who somebody is: by a source identity that the identity provider sets, or by the name that it gives
   * their session, as IAM Identity Center does. A principal whose people can choose that name themselves does not qualify.
   */
  knownBy: v.picklist(['source-identity', 'session-name']),
  /** Whether their sessions tell AWS of a second factor; otherwise the identity provider alone asks for it. */
  mfa: v.boolean(),
});

/** The role of the environment that nobody has but for an incident, and for a while. */
export const BreakGlass = v.strictObject({
  /** Names the journal, so it stays the same for ever. */
  id: matching(/^[a-z][a-z0-9-]{1,39}$/, 'a name such as break-glass'),
  /** Below `/td/break-glass/`. */
  role: matching(/^[\w+=,.@-]{1,64}$/, 'the name of a role, without its path'),
  principals: v.pipe(
    v.record(matching(/^[a-z][a-z0-9-]{1,39}$/, 'a name such as sre'), GrantPrincipal),
    v.minEntries(1, 'names nobody'),
  ),
  /** The longest grant. */
  minutes: whole(1, 60),
  approval: v.strictObject({
    /** The GitHub environment of the job that opens and closes grants. */
    environment: v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(200, 'is too long')),
    /**
     * How many people must approve a grant, each with a role of the environment's approval. GitHub takes one for each
     * environment of a run, so the second approves in ENVIRONMENT-second.
     */
    reviewers: whole(1, 2),
  }),
});
export type BreakGlass = v.InferOutput<typeof BreakGlass>;
