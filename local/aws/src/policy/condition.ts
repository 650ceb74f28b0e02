import { BlockList, isIP } from 'node:net';
import type { Lookup } from './context.ts';
import { many, type Statement } from './document.ts';
import { matches, matchesArn } from './wildcard.ts';

type Compare = (value: string, wanted: string, lookup: Lookup) => boolean;

const like: Compare = (value, wanted, lookup) => matches(wanted, value, lookup);
const arn: Compare = (value, wanted, lookup) => matchesArn(wanted, value, lookup);
/** Operators that know no wildcards still know variables. */
const equal = (change: (text: string) => string): Compare => {
  const literal = (text: string) => text.replace(/[*?](?![^{]*\})/g, (one) => `\${${one}}`);
  return (value, wanted, lookup) =>
    wanted.includes('${')
      ? matches(literal(change(wanted)), change(value), lookup)
      : change(value) === change(wanted);
};
const exact = equal((text) => text);
const anyCase = equal((text) => text.toLowerCase());

const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: exact },
  StringNotEquals: { compare: exact, negated: true },
  StringEqualsIgnoreCase: { compare: anyCase },
  StringNotEqualsIgnoreCase: { compare: anyCase, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: arn },
  ArnLike: { compare: arn },
  ArnNotEquals: { compare: arn, negated: true },
  ArnNotLike: { compare: arn, negated: true },
  IpAddress: { compare: inRange },
  NotIpAddress: { compare: inRange, negated: true },
  BinaryEquals: { compare: (value, wanted) => value === wanted },
  Bool: { compare: (value, wanted) => value.toLowerCase() === wanted.toLowerCase() },
  DateEquals: { compare: (value, wanted) => momentOf(value) === momentOf(wanted) },
  DateNotEquals: {
    compare: (value, wanted) => momentOf(value) === momentOf(wanted),
    negated: true,
  },
  DateLessThan: { compare: (value, wanted) => momentOf(value) < momentOf(wanted) },
  DateLessThanEquals: { compare: (value, wanted) => momentOf(value) <= momentOf(wanted) },
  DateGreaterThan: { compare: (value, wanted) => momentOf(value) > momentOf(wanted) },
  DateGreaterThanEquals: { compare: (value, wanted) => momentOf(value) >= momentOf(wanted) },
  NumericEquals: { compare: (value, wanted) => Number(value) === Number(wanted) },
  NumericNotEquals: { compare: (value, wanted) => Number(value) === Number(wanted), negated: true },
  NumericLessThan: { compare: (value, wanted) => Number(value) < Number(wanted) },
  NumericLessThanEquals: { compare: (value, wanted) => Number(value) <= Number(wanted) },
  NumericGreaterThan: { compare: (value, wanted) => Number(value) > Number(wanted) },
  NumericGreaterThanEquals: { compare: (value, wanted) => Number(value) >= Number(wanted) },
};

/** ISO 8601, or seconds since the epoch. */
function momentOf(text: string): number {
  return /^\d{5,}$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}

/** An address or a range of them; without a prefix it is one address. */
function inRange(value: string, wanted: string): boolean {
  const [net = '', prefix] = wanted.split('/');
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(net) === 0 || isIP(value) === 0) return false;
  const range = new BlockList();
  range.addSubnet(net, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  return range.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether every condition of a statement holds ("IAM JSON policy elements: Condition operators"). */
export function conditionsHold(conditions: Statement['Condition'], lookup: Lookup): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, key, many(wanted).map(String), lookup)),
  );
}

function holds(operator: string, key: string, wanted: readonly string[], lookup: Lookup): boolean {
  const given = lookup(key);
  if (operator === 'Null') return wanted.includes(String(given === undefined));
  const [, set, name = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!known) throw new Error(`condition operator ${operator} is not known to local-aws`);
  if (given === undefined) {
    // A missing key fails a positive operator and passes a negated one; ForAllValues is true of nothing.
    return ifExists !== undefined || set === 'ForAllValues' || (set === undefined && known.negated === true);
  }
  const one = (value: string) =>
    wanted.some((w) => known.compare(value, w, lookup)) !== (known.negated === true);
  return set === 'ForAnyValue' ? given.some(one) : given.every(one);
}
