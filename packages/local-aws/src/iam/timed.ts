import { callerOf, globalContext } from '../policy/caller.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { evaluate } from '../policy/evaluate.ts';
import type { Call } from '../world/service.ts';
import { iamOf, type Role } from './state.ts';
import { actionOf } from './ungranted.ts';

/**
 * Why a session of a role is refused by a policy that speaks of time: a grant that has ended, or sessions that were
 * revoked by the time of their issue. Roles whose policies speak of no time are not looked at: `ungranted()` tells.
 */
export function refusedByTime(call: Call, service: string, operation: string): string | undefined {
  const { principal, world } = call;
  const name = /:assumed-role\/([^/]+)\//.exec(principal?.arn ?? '')?.[1];
  const role = name === undefined ? undefined : iamOf(world, call.account).roles[name];
  if (!principal || !role || !speaksOfTime(role)) return undefined;
  const action = actionOf(service, operation);
  const now = world.clock.date().toISOString();
  const session = principal.arn.split('/').at(-1) ?? '';
  const asked = {
    caller: callerOf(principal),
    action,
    resource: undefined,
    context: {
      ...globalContext(principal, call.region),
      'aws:CurrentTime': now,
      'aws:userid': `${role.id}:${session}`,
      ...(principal.issued === undefined
        ? {}
        : { 'aws:TokenIssueTime': new Date(Math.round(principal.issued)).toISOString() }),
    },
  };
  const said = Object.values(role.policies).map((policy) =>
    evaluate(policy, { ...asked, caller: undefined }),
  );
  if (said.includes('allowed') && !said.includes('denied')) return undefined;
  if (!said.includes('denied') && action === 'sts:GetCallerIdentity') return undefined; // needs no grant
  const kind = said.includes('denied')
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${principal.arn} is not authorized to perform: ${action} ${kind}`;
}

const known = new WeakMap<Readonly<Record<string, PolicyDocument>>, boolean>();

function speaksOfTime({ policies }: Role): boolean {
  const found =
    known.get(policies) ?? /aws:(CurrentTime|EpochTime|TokenIssueTime)/i.test(JSON.stringify(policies));
  known.set(policies, found);
  return found;
}
