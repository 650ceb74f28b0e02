import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { reasonOf } from '../reason-of.ts';
import { toValue, type Value } from '../value.ts';
import { hashFiles } from './hash-files.ts';
import type { Scope } from './scope.ts';

const STATUS_FUNCTION = /^(success|failure|always|cancelled)$/i;

/** Every context that GitHub knows, so that one which is not there evaluates to nothing instead of an error. */
const CONTEXTS = 'github env vars job jobs steps runner secrets strategy matrix needs inputs'.split(' ');

export interface Evaluated {
  readonly value: Value;
  /** Whether a status function was called: an `if` without one means `success() && (…)`. */
  readonly usesStatus: boolean;
}

/** One expression, without `${{ }}`. Throws with the expression and GitHub's own message when it is not valid. */
export function evaluate(source: string, scope: Scope): Evaluated {
  try {
    const { tokens } = new Lexer(source).lex();
    const usesStatus = tokens.some(
      ({ lexeme }, at) => STATUS_FUNCTION.test(lexeme) && tokens[at + 1]?.lexeme === '(',
    );
    const functions = functionsOf(scope);
    const tree = new Parser(tokens, CONTEXTS, functions).parse();
    const named = new Set(tokens.map(({ lexeme }) => lexeme.toLowerCase()));
    const contexts = new data.Dictionary(
      ...CONTEXTS.filter((name) => named.has(name)).map((key) => ({
        key,
        value: toData(scope.contexts[key] ?? null),
      })),
    );
    const result = new Evaluator(
      tree,
      contexts,
      new Map(functions.map((each) => [each.name, each])),
    ).evaluate();
    return { value: fromData(result), usesStatus };
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new Error(`The expression \`${source.trim()}\` can't be evaluated: ${reason}`, { cause });
  }
}

function functionsOf({ status, workspace }: Scope): FunctionDefinition[] {
  const flag = (name: string, of: () => boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(of()),
  });
  const functions = [
    flag('success', () => status.success()),
    flag('failure', () => status.failure()),
    flag('cancelled', () => status.cancelled()),
    flag('always', () => true),
  ];
  if (workspace === undefined) return functions;
  return [
    ...functions,
    {
      name: 'hashfiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) =>
        new data.StringData(
          hashFiles(
            workspace,
            patterns.map((pattern) => pattern.coerceString()),
          ),
        ),
    },
  ];
}

function toData(value: Value): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: toData(each) })));
}

/** JSON has neither Infinity nor NaN, so numbers are taken as they are. */
function fromData(result: data.ExpressionData): Value {
  if (result instanceof data.NumberData) return result.value;
  const parsed: unknown = JSON.parse(JSON.stringify(result, data.replacer));
  return toValue(parsed);
}
