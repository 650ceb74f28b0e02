import { canonicalJson } from '@tenant-delivery/domain';

/**
 * How a policy that was found differs from the rendered one: a phrase for each statement, by its Sid. A list of one text
 * and the text alone are the same, the order of lists and statements means nothing: AWS keeps none of this as it was given.
 */
export function policyDifferences(rendered: unknown, found: unknown): readonly string[] {
  const [wanted, there] = [statementsOf(rendered), statementsOf(found)];
  return [
    ...[...wanted].flatMap(([sid, statement]) => {
      const other = there.get(sid);
      if (other === undefined) return [`${sid} is missing`];
      return other === statement ? [] : [`${sid} differs`];
    }),
    ...[...there.keys()].filter((sid) => !wanted.has(sid)).map((sid) => `${sid} is not in the contract's`),
  ];
}

/** Statements in one form, by Sid; those without one, or with the Sid of another, by their place. */
function statementsOf(policy: unknown): ReadonlyMap<string, string> {
  const said: unknown = Reflect.get(Object(policy), 'Statement');
  const all: readonly unknown[] = Array.isArray(said) ? said : said === undefined ? [] : [said];
  const named = new Map<string, string>();
  all.forEach((statement, at) => {
    const sid: unknown = Reflect.get(Object(statement), 'Sid');
    const own = typeof sid === 'string' && !named.has(sid) ? sid : `statement ${at + 1}`;
    named.set(own, canonicalJson(inOneForm(statement)));
  });
  return named;
}

function inOneForm(node: unknown): unknown {
  if (Array.isArray(node)) {
    const items = node.map(inOneForm);
    const texts = items.map((item) => (typeof item === 'string' ? item : canonicalJson(item)));
    return items.length === 1 ? items[0] : [...new Set(texts)].sort();
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, inOneForm(item)]));
}
