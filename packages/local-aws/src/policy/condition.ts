import { many, type Statement } from './document.ts';
import { matches } from './wildcard.ts';

/** The values of condition keys for one request. A key that is not there is absent, not empty. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

type Compare = (value: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: (value, wanted) => value === wanted },
  StringNotEquals: { compare: (value, wanted) => value === wanted, negated: true },
  StringEqualsIgnoreCase: { compare: (value, wanted) => value.toLowerCase() === wanted.toLowerCase() },
  StringLike: { compare: (value, wanted) => matches(wanted, value) },
  StringNotLike: { compare: (value, wanted) => matches(wanted, value), negated: true },
  ArnEquals: { compare: (value, wanted) => matches(wanted, value) },
  ArnLike: { compare: (value, wanted) => matches(wanted, value) },
  ArnNotEquals: { compare: (value, wanted) => matches(wanted, value), negated: true },
  ArnNotLike: { compare: (value, wanted) => matches(wanted, value), negated: true },
  Bool: { compare: (value, wanted) => value === wanted },
  DateEquals: { compare: (value, wanted) => Date.parse(value) === Date.parse(wanted) },
  DateLessThan: { compare: (value, wanted) => Date.parse(value) < Date.parse(wanted) },
  DateLessThanEquals: { compare: (value, wanted) => Date.parse(value) <= Date.parse(wanted) },
  DateGreaterThan: { compare: (value, wanted) => Date.parse(value) > Date.parse(wanted) },
  DateGreaterThanEquals: { compare: (value, wanted) => Date.parse(value) >= Date.parse(wanted) },
  NumericEquals: { compare: (value, wanted) => Number(value) === Number(wanted) },
  NumericLessThan: { compare: (value, wanted) => Number(value) < Number(wanted) },
  NumericLessThanEquals: { compare: (value, wanted) => Number(value) <= Number(wanted) },
  NumericGreaterThan: { compare: (value, wanted) => Number(value) > Number(wanted) },
  NumericGreaterThanEquals: { compare: (value, wanted) => Number(value) >= Number(wanted) },
};

/** Whether every condition of a statement holds ("IAM JSON policy elements: Condition operators"). */
export function conditionsHold(conditions: Statement['Condition'], context: Context): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, lookUp(context, key), many(wanted).map(String)),
    ),
  );
}

function holds(operator: string, given: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(given === undefined));
  const [, set, name = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const known = OPERATORS[name];
  if (!known) throw new Error(`condition operator ${operator} is not known to local-aws`);
  if (given === undefined) {
    // A missing key fails a positive operator and passes a negated one; ForAllValues is true of nothing.
    return ifExists !== undefined || set === 'ForAllValues' || (set === undefined && known.negated === true);
  }
  const one = (value: string) => wanted.some((w) => known.compare(value, w)) !== (known.negated === true);
  return set === 'ForAnyValue' ? given.some(one) : given.every(one);
}

/** Condition keys are not case-sensitive. */
function lookUp(context: Context, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return found === undefined ? undefined : many(found);
}
