import { AwsError, type Call } from '../world/service.ts';

/** What a page of AWS's documentation says of an operation's input, and the service's model does not. */
export interface Rule {
  /** The operations of the service that it holds for: `RegisterTaskDefinition`. */
  readonly operations: readonly string[];
  /** The title of the page: `Amazon ECS task definition parameters for Fargate`. */
  readonly page: string;
  /** The rule, in one sentence. */
  readonly says: string;
  /** The code of the refusal: `ClientException`. */
  readonly code: string;
  /** What is wrong with an input that fits the model, in AWS's words where the page has them; nothing when it keeps the rule. */
  // biome-ignore lint/suspicious/noExplicitAny: each rule types its input with the SDK's own, as handlers do
  readonly mistakes: (input: any, call: Call) => Iterable<string>;
  /** Inputs that it refuses, which `rules.test.ts` tries; or the suite that shows it, for a rule that looks at the world. */
  readonly shownBy: readonly [object, ...object[]] | `${string}.test.ts`;
}

/** One thing that a rule found wrong. */
export interface Mistake {
  readonly rule: Rule;
  readonly message: string;
}

/** Everything that is wrong with an input, in the order of the rules. AWS answers with the first. */
export function mistakesOf(
  rules: readonly Rule[],
  operation: string,
  input: object,
  call: Call,
): readonly Mistake[] {
  return rules
    .filter(({ operations }) => operations.includes(operation))
    .flatMap((rule) => [...rule.mistakes(input, call)].map((message) => ({ rule, message })));
}

/** Refuses an input that breaks a rule, as the operation would: before anything has changed. */
export function keepRules(rules: readonly Rule[], operation: string, input: object, call: Call): void {
  const [first] = mistakesOf(rules, operation, input, call);
  if (first) throw new AwsError(first.rule.code, first.message);
}
