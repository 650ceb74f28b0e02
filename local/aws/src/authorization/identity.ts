import { iamOf, managedPolicyOf, type Role } from '../iam/state.ts';
import { usersOf } from '../iam/users.ts';
import type { PolicyDocument } from '../policy/document.ts';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';

/** What the policies of a caller are. */
export interface Identity {
  /** Somebody who administers the account: all is allowed that no policy denies. */
  readonly everything: boolean;
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  readonly session?: PolicyDocument;
}

/**
 * The policies of a caller. A user that IAM does not know, such as the operator that a seed makes a key for, is the
 * account's administrator. A role that is gone has none.
 */
export function identityOf(world: World, principal: Principal): Identity {
  const { account, arn, roleArn, sessionPolicy } = principal;
  const roleName = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (roleName !== undefined) {
    const role = iamOf(world, account).roles[roleName];
    if (!role || (roleArn && role.arn !== roleArn)) return { everything: false, policies: [] };
    return { ...identityOfRole(world, account, role), ...(sessionPolicy && { session: sessionPolicy }) };
  }
  const user = Object.values(usersOf(world, account)).find((one) => one.arn === arn);
  return { everything: user === undefined, policies: Object.values(user?.policies ?? {}) };
}

/** Inline policies and managed ones, inside the boundary. */
function identityOfRole(world: World, account: string, role: Role): Identity {
  const { policies, attached = [], permissionsBoundary } = role;
  return {
    everything: false,
    policies: [
      ...Object.values(policies),
      ...attached.map((policyArn) => managedPolicyOf(world, account, policyArn)),
    ],
    ...(permissionsBoundary === undefined
      ? {}
      : { boundary: managedPolicyOf(world, account, permissionsBoundary) }),
  };
}
