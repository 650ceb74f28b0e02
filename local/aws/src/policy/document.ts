/** An IAM policy document as JSON has it: any single value may stand for a list of one. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany<string>>>;
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

export function statementsOf(document: PolicyDocument): readonly Statement[] {
  return many(document.Statement);
}
