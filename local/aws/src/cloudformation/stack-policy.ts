import { many, type OneOrMany } from '../policy/document.ts';
import { matches } from '../policy/wildcard.ts';
import type { StackResource } from './state.ts';
import { invalid, notHere } from './template/refusals.ts';

export type UpdateAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string>>>>>;
}

const LONGEST = 16_384; // bytes ("SetStackPolicy", CloudFormation API reference)
const TYPE = /^ResourceType$/;

/** Reads a stack policy, or refuses it ("Prevent updates to stack resources", CloudFormation user guide). */
export function readStackPolicy(text: string): readonly Statement[] {
  if (Buffer.byteLength(text) > LONGEST)
    throw invalid(`Error validating stack policy: the policy is longer than ${LONGEST} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid('Error validating stack policy: Invalid stack policy');
  }
  const statements = many(Reflect.get(Object(parsed), 'Statement') as OneOrMany<Statement> | undefined); // judged below
  if (statements.length === 0) throw invalid('Error validating stack policy: Invalid stack policy');
  for (const statement of statements) judge(statement);
  return statements;
}

function judge({ Effect, Principal, Action, NotAction, Resource, NotResource, Condition }: Statement): void {
  const refuse = (why: string) => invalid(`Error validating stack policy: ${why}`);
  if (Effect !== 'Allow' && Effect !== 'Deny') throw refuse('Effect must be Allow or Deny');
  if (Principal !== '*') throw refuse('Principal must be *');
  if ((Action === undefined) === (NotAction === undefined))
    throw refuse('one of Action and NotAction is required');
  if (Resource === undefined && NotResource === undefined && Condition === undefined)
    throw refuse('a Resource is required');
  for (const action of [...many(Action), ...many(NotAction)])
    if (!/^Update:(Modify|Replace|Delete|\*)$/.test(action)) throw refuse(`Unknown action ${action}`);
  for (const [operator, keys] of Object.entries(Condition ?? {})) {
    if (operator !== 'StringEquals' && operator !== 'StringLike')
      throw notHere(`the operator ${operator} in stack policies`);
    if (Object.keys(keys).some((key) => !TYPE.test(key))) throw refuse('Conditions are of ResourceType');
  }
}

/** Why a policy does not let a resource be updated so; `undefined` where it does, or where there is none. */
export function policyRefusal(
  policy: string | undefined,
  resource: Pick<StackResource, 'logicalId' | 'type'>,
  action: UpdateAction,
): string | undefined {
  if (policy === undefined) return undefined;
  const statements = readStackPolicy(policy);
  const fitting = statements
    .map((one, i) => [one, i + 1] as const)
    .filter(([one]) => applies(one, resource, action));
  const denied = fitting.find(([{ Effect }]) => Effect === 'Deny');
  const on = `[${action}] for resource [${resource.logicalId}]`;
  if (denied) return `Action denied by stack policy: Statement [#${denied[1]}] does not allow ${on}`;
  return fitting.length > 0 ? undefined : `Action not allowed by stack policy: no statement allows ${on}`;
}

function applies(
  { Action, NotAction, Resource, NotResource, Condition }: Statement,
  { logicalId, type }: Pick<StackResource, 'logicalId' | 'type'>,
  action: UpdateAction,
): boolean {
  const covers = (listed: OneOrMany<string> | undefined, text: string) =>
    many(listed).some((one) => matches(one, text));
  const acts = NotAction === undefined ? covers(Action, action) : !covers(NotAction, action);
  const name = `LogicalResourceId/${logicalId}`;
  const on =
    NotResource === undefined ? Resource === undefined || covers(Resource, name) : !covers(NotResource, name);
  const typed = Object.entries(Condition ?? {}).every(([operator, keys]) =>
    Object.values(keys).every((values) =>
      many(values).some((one) => (operator === 'StringEquals' ? one === type : matches(one, type))),
    ),
  );
  return acts && on && typed;
}
