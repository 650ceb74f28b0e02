import { conditionMistakes } from './conditions.ts';
import { isObject } from './json.ts';
import type { GrammarMistake, PolicyKind } from './mistake.ts';
import { principalMistakes } from './principals.ts';
import { resourceMistakes } from './resources.ts';
import { strings } from './strings.ts';

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);
const PAIRS = [
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
  ['Principal', 'NotPrincipal'],
] as const;

/** What is wrong with the shape of one statement, whatever it is about. */
export function* shapeMistakes(statement: unknown): Iterable<GrammarMistake> {
  if (!isObject(statement)) {
    yield { kind: 'syntax', element: 'Statement', value: statement };
    return;
  }
  for (const element of Object.keys(statement))
    if (!ELEMENTS.has(element)) yield { kind: 'unknown', element };
  for (const [one, other] of PAIRS)
    if (statement[one] !== undefined && statement[other] !== undefined)
      yield { kind: 'both', elements: [one, other] };
  const { Effect, Sid } = statement;
  if (Effect === undefined) yield { kind: 'missing', element: 'Effect' };
  else if (Effect !== 'Allow' && Effect !== 'Deny')
    yield { kind: 'syntax', element: 'Effect', value: Effect };
  if (Sid !== undefined && typeof Sid !== 'string') yield { kind: 'syntax', element: 'Sid', value: Sid };
  for (const element of ['Action', 'NotAction', 'Resource', 'NotResource'])
    if (statement[element] !== undefined && strings(statement[element]) === undefined)
      yield { kind: 'syntax', element, value: statement[element] };
  if (statement['Condition'] !== undefined) yield* conditionMistakes(statement['Condition']);
}

/** What is wrong with a statement of good shape, in a policy of this kind. */
export function* contentMistakes(
  statement: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
): Iterable<GrammarMistake> {
  yield* principalOf(statement, kind);
  yield* actionsOf(statement, kind);
  yield* resourcesOf(statement, kind);
}

function* principalOf(
  statement: Readonly<Record<string, unknown>>,
  { principal }: PolicyKind,
): Iterable<GrammarMistake> {
  const [element, value] = given(statement, 'Principal', 'NotPrincipal');
  if (element === undefined) {
    if (principal === 'required') yield { kind: 'missing', element: 'Principal' };
  } else if (principal === 'prohibited') yield { kind: 'prohibited', element };
  else {
    if (element === 'NotPrincipal' && statement['Effect'] === 'Allow')
      yield { kind: 'allow with NotPrincipal' };
    yield* principalMistakes(element, value);
  }
}

function* actionsOf(
  statement: Readonly<Record<string, unknown>>,
  { actionsOf: service }: PolicyKind,
): Iterable<GrammarMistake> {
  const [element, value] = given(statement, 'Action', 'NotAction');
  const actions = strings(value) ?? [];
  if (element === undefined) yield { kind: 'missing', element: 'Action' };
  else if (actions.length === 0) yield { kind: 'empty', element };
  for (const action of actions) {
    const [vendor = '', ...names] = action.split(':');
    const wrong = (reason: (GrammarMistake & { kind: 'action' })['wrong']) =>
      ({ kind: 'action', value: action, wrong: reason }) as const;
    if (action !== '*' && names.length === 0) yield wrong('vendor missing');
    else if (names.length > 1) yield wrong('colons');
    else if (action !== '*' && (!/^[a-zA-Z0-9.-]+$/.test(vendor) || names[0] === '')) yield wrong('vendor');
    else if (service && !service.test(action)) yield wrong('service');
  }
}

function* resourcesOf(
  statement: Readonly<Record<string, unknown>>,
  { resource, arns }: PolicyKind,
): Iterable<GrammarMistake> {
  const [element, value] = given(statement, 'Resource', 'NotResource');
  if (element === undefined) {
    if (resource === 'required') yield { kind: 'missing', element: 'Resource' };
    return;
  }
  if (resource === 'prohibited') yield { kind: 'prohibited', element };
  const resources = strings(value) ?? [];
  if (resources.length === 0) yield { kind: 'empty', element };
  if (arns) for (const one of resources) yield* resourceMistakes(one);
}

/** Which of two elements a statement has, and its value. */
function given(
  statement: Readonly<Record<string, unknown>>,
  ...names: readonly [string, string]
): readonly [string | undefined, unknown] {
  const element = names.find((name) => statement[name] !== undefined);
  return [element, element && statement[element]];
}
