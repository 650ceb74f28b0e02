import { iamOf } from '../iam/state.ts';
import { usersOf } from '../iam/users.ts';
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
  const all =
    kind === 'role' ? Object.values(iamOf(world, account).roles) : Object.values(usersOf(world, account));
  return all.some((one) => one.arn === arn);
}
