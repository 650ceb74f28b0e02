import { conditionsHold } from './condition.ts';
import { type Context, type Lookup, lookupIn } from './context.ts';
import { many, type PolicyDocument, type Statement, statementsOf } from './document.ts';
import { matches, matchesArn } from './wildcard.ts';

/** Who asks, as `Principal` elements name callers. */
export type Caller =
  | { readonly kind: 'aws'; readonly account: string; readonly arn: string; readonly roleArn?: string }
  | { readonly kind: 'federated'; readonly provider: string };

export interface Asked {
  /** `undefined` for identity policies, which have no Principal element. */
  readonly caller: Caller | undefined;
  /** `kms:Sign`. */
  readonly action: string;
  /** `undefined` where the policy hangs on the resource itself and names none (trust policies). */
  readonly resource: string | undefined;
  readonly context: Context | Lookup;
}

/** How a statement names a caller: their very self, the role that their session is of, their account, or everybody. */
export type Named = 'self' | 'role' | 'account' | 'everybody';

/** What one policy document says of a request: an explicit denial wins over any permission. */
export function evaluate(document: PolicyDocument, asked: Asked): 'allowed' | 'denied' | 'silent' {
  const { denied, allowed } = said(document, asked);
  return denied ? 'denied' : allowed.length > 0 ? 'allowed' : 'silent';
}

/** The same with how the statements that allow it name the caller. */
export function said(
  document: PolicyDocument,
  asked: Asked,
): { readonly denied: boolean; readonly allowed: readonly Named[] } {
  const lookup = typeof asked.context === 'function' ? asked.context : lookupIn(asked.context);
  const allowed: Named[] = [];
  for (const statement of statementsOf(document)) {
    const named = names(statement, asked.caller);
    if (named === undefined || !applies(statement, asked, lookup)) continue;
    if (statement.Effect === 'Deny') return { denied: true, allowed: [] };
    allowed.push(named);
  }
  return { denied: false, allowed };
}

function applies(statement: Statement, { action, resource }: Asked, lookup: Lookup): boolean {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const named = action.toLowerCase();
  return (
    covers(Action, NotAction, (pattern) => matches(pattern.toLowerCase(), named)) &&
    (resource === undefined ||
      (Resource === undefined && NotResource === undefined) || // of a trust policy: it hangs on the role
      covers(Resource, NotResource, (pattern) => matchesArn(pattern, resource, lookup))) &&
    conditionsHold(Condition, lookup)
  );
}

function covers(
  listed: Statement['Action'],
  excepted: Statement['Action'],
  fits: (pattern: string) => boolean,
): boolean {
  return excepted === undefined ? many(listed).some(fits) : !many(excepted).some(fits);
}

/** `undefined` where it does not speak of them. */
function names({ Principal, NotPrincipal }: Statement, caller: Caller | undefined): Named | undefined {
  if (caller === undefined) return 'self';
  if (NotPrincipal !== undefined) throw new Error('local-aws does not evaluate NotPrincipal');
  if (Principal === '*') return 'everybody';
  if (Principal === undefined) return undefined;
  if (caller.kind === 'federated')
    return many(Principal['Federated']).includes(caller.provider) ? 'self' : undefined;
  const listed = many(Principal['AWS']);
  if (listed.includes(caller.arn)) return 'self';
  if (caller.roleArn !== undefined && listed.includes(caller.roleArn)) return 'role';
  if (listed.includes('*')) return 'everybody';
  const whole = new RegExp(`^(${caller.account}|arn:[^:]+:iam::${caller.account}:root)$`);
  return listed.some((named) => whole.test(named)) ? 'account' : undefined;
}
