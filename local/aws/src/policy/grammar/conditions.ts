import { isObject } from './json.ts';
import type { GrammarMistake } from './mistake.ts';

/** "IAM JSON policy elements: Condition operators". Names of operators are case-sensitive. */
const OPERATOR = new RegExp(
  `^(ForAnyValue:|ForAllValues:)?(${[
    'String(Not)?Equals(IgnoreCase)?',
    'String(Not)?Like',
    'Numeric(Not)?Equals',
    'Numeric(LessThan|GreaterThan)(Equals)?',
    'Date(Not)?Equals',
    'Date(LessThan|GreaterThan)(Equals)?',
    'Bool',
    'BinaryEquals',
    '(Not)?IpAddress',
    'Arn(Not)?(Equals|Like)',
  ].join('|')})(IfExists)?$|^Null$`,
);

/** What is wrong with a `Condition`: operators, then keys, then values. */
export function* conditionMistakes(condition: unknown): Iterable<GrammarMistake> {
  if (!isObject(condition)) {
    yield { kind: 'syntax', element: 'Condition', value: condition };
    return;
  }
  for (const [operator, keys] of Object.entries(condition)) {
    if (!OPERATOR.test(operator)) yield { kind: 'operator', operator };
    else if (!isObject(keys)) yield { kind: 'syntax', element: operator, value: keys };
    else for (const [key, values] of Object.entries(keys)) yield* keyMistakes(operator, key, values);
  }
}

function* keyMistakes(operator: string, key: string, values: unknown): Iterable<GrammarMistake> {
  if (!/^[^:\s]+:\S+/.test(key)) yield { kind: 'condition key', key };
  const all = [values].flat();
  if (all.some((one) => !['string', 'number', 'boolean'].includes(typeof one)))
    yield { kind: 'syntax', element: key, value: values };
  else if (/^(For\w+:)?Date/.test(operator))
    for (const one of all) if (!isDate(String(one))) yield { kind: 'date', value: String(one) };
}

/** ISO 8601 as the W3C's note on dates has it, or seconds since the epoch. A policy variable is filled in later. */
function isDate(text: string): boolean {
  return (
    text.includes('${') ||
    /^\d+$/.test(text) ||
    (/^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.test(text) &&
      !Number.isNaN(Date.parse(text)))
  );
}
