/** An IAM policy document as JSON has it: any single value may stand for a list of one. */
export interface PolicyDocument {
  /** `2008-10-17` where it is absent. */
  readonly Version?: string | undefined;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany<string>>>;
  readonly NotPrincipal?: Statement['Principal'];
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  /** By operator, then by condition key: the values. One that matches is enough. */
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, OneOrMany<string | boolean | number>>>>
  >;
}

export type OneOrMany<T> = T | readonly T[];

export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T]; // readonly arrays escape the narrowing of Array.isArray
}

/** Policy variables came with the version of 2012: in an older document, what looks like one is plain text. */
export function statementsOf({ Version, Statement }: PolicyDocument): readonly Statement[] {
  return many(Version === '2012-10-17' ? Statement : withoutVariables(Statement));
}

/** `${$}` is a dollar sign. */
function withoutVariables<T extends OneOrMany<Statement>>(statements: T): T {
  return JSON.parse(JSON.stringify(statements).replaceAll('${', '${$}{'));
}
