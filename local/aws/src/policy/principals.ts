import { iamOf } from '../iam/state.ts';
import { usersOf } from '../iam/users.ts';
import { keysOf } from '../world/keys.ts';
import type { World } from '../world/world.ts';
import { many, type PolicyDocument, statementsOf } from './document.ts';

/** A role or user that a policy names and IAM does not know: services refuse such a policy. Other worlds' accounts are not looked up. */
export function unknownPrincipal(world: World, policy: PolicyDocument): string | undefined {
  const named = statementsOf(policy).flatMap(({ Principal }) =>
    typeof Principal === 'object' ? many(Principal['AWS']) : [],
  );
  return named.find((arn) => !exists(world, arn));
}

function exists(world: World, arn: string): boolean {
  const [, account = '', kind = ''] = /^arn:[^:]+:iam::(\d{12}):(role|user)\//.exec(arn) ?? [];
  if (!world.accounts.has(account)) return true;
  if (kind === 'role') return Object.values(iamOf(world, account).roles).some((role) => role.arn === arn);
  // a seed's operator is a user of whom only the key is known
  return [...Object.values(usersOf(world, account)), ...Object.values(keysOf(world))].some(
    (user) => user.arn === arn,
  );
}
