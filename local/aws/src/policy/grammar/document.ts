import { isObject, jsonObject } from './json.ts';
import type { GrammarMistake, PolicyKind } from './mistake.ts';
import { contentMistakes, shapeMistakes } from './statement.ts';

/** "Grammar of the IAM JSON policy language", IAM user guide. */
export const GRAMMAR_PAGE = 'Grammar of the IAM JSON policy language - AWS Identity and Access Management';

/** Everything that is wrong with a policy of a kind, in the order in which AWS looks: shape before content. */
export function* grammarMistakes(policy: string | object, kind: PolicyKind): Iterable<GrammarMistake> {
  const document = typeof policy === 'string' ? jsonObject(policy) : { ...policy };
  if (document === undefined) {
    yield { kind: 'json' };
    return;
  }
  const shape = [...documentMistakes(document)];
  yield* shape;
  if (shape.length > 0) return; // what is no statement has no content
  const statements = [document['Statement']].flat().filter(isObject);
  if (kind.latestVersion && document['Version'] !== '2012-10-17') yield { kind: 'old version' };
  yield* sidMistakes(statements, kind);
  for (const statement of statements) yield* contentMistakes(statement, kind);
}

function* documentMistakes(document: Readonly<Record<string, unknown>>): Iterable<GrammarMistake> {
  for (const element of Object.keys(document))
    if (!['Version', 'Id', 'Statement'].includes(element)) yield { kind: 'unknown', element };
  const { Version, Id, Statement } = document;
  // without a version it is that of 2008 ("IAM JSON policy elements: Version")
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17')
    yield { kind: 'syntax', element: 'Version', value: Version };
  if (Id !== undefined && typeof Id !== 'string') yield { kind: 'syntax', element: 'Id', value: Id };
  const statements = [Statement].flat();
  if (Statement === undefined) yield { kind: 'missing', element: 'Statement' };
  else if (statements.length === 0) yield { kind: 'empty', element: 'Statement' };
  else for (const statement of statements) yield* shapeMistakes(statement);
}

function* sidMistakes(
  statements: readonly Readonly<Record<string, unknown>>[],
  { sid: form }: PolicyKind,
): Iterable<GrammarMistake> {
  const sids = statements.map(({ Sid }) => Sid).filter((sid) => typeof sid === 'string' && sid !== '');
  for (const [at, sid] of sids.entries()) {
    if (form && !form.test(String(sid))) yield { kind: 'sid form', sid: String(sid) };
    if (sids.indexOf(sid) < at) yield { kind: 'sid repeated', sid: String(sid) };
  }
}
