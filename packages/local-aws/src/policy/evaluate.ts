import { type Context, conditionsHold } from './condition.ts';
import { many, type PolicyDocument, type Statement, statementsOf } from './document.ts';
import { matches } from './wildcard.ts';

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
  readonly context: Context;
}

/** What one policy document says of a request: an explicit denial wins over any permission. */
export function evaluate(document: PolicyDocument, asked: Asked): 'allowed' | 'denied' | 'silent' {
  const applying = statementsOf(document).filter((statement) => applies(statement, asked));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return applying.some(({ Effect }) => Effect === 'Allow') ? 'allowed' : 'silent';
}

function applies(statement: Statement, asked: Asked): boolean {
  return (
    names(statement, asked.caller) &&
    covers(statement.Action, statement.NotAction, asked.action.toLowerCase(), (text) => text.toLowerCase()) &&
    (asked.resource === undefined ||
      covers(statement.Resource, statement.NotResource, asked.resource, (text) => text)) &&
    conditionsHold(statement.Condition, asked.context)
  );
}

function covers(
  listed: Statement['Action'],
  excepted: Statement['Action'],
  text: string,
  normal: (pattern: string) => string,
): boolean {
  if (excepted !== undefined) return !many(excepted).some((pattern) => matches(normal(pattern), text));
  return many(listed).some((pattern) => matches(normal(pattern), text));
}

function names({ Principal }: Statement, caller: Caller | undefined): boolean {
  if (caller === undefined || Principal === '*') return true;
  if (Principal === undefined) return false;
  if (caller.kind === 'federated') return many(Principal['Federated']).includes(caller.provider);
  return many(Principal['AWS']).some(
    (named) =>
      named === '*' ||
      named === caller.arn ||
      named === caller.roleArn ||
      named === caller.account ||
      new RegExp(`^arn:[^:]+:iam::${caller.account}:root$`).test(named),
  );
}
