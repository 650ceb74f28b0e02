/** A policy as IAM has it: JSON. Others may have written parts of it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string | undefined;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, Texts>> | undefined;
  readonly Action?: Texts | undefined;
  readonly Resource?: Texts | undefined;
  readonly Condition?: Conditions | undefined;
}

/** Operator, then condition key, then the values; one match is enough. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Texts>>>>;

export type Texts = string | readonly string[];

export function listOf(texts: Texts | undefined): readonly string[] {
  if (texts === undefined) return [];
  return typeof texts === 'string' ? [texts] : texts;
}

/** `undefined` where the text is no policy. Readers judge its statements. */
export function policyDocumentIn(text: string): PolicyDocument | undefined {
  const read: unknown = parsed(text);
  const said = Reflect.get(Object(read), 'Statement') as unknown;
  const statements: readonly unknown[] = Array.isArray(said) ? said : [said];
  if (!statements.every(isStatement)) return undefined;
  return { Version: '2012-10-17', Statement: statements };
}

function isStatement(value: unknown): value is Statement {
  return ['Allow', 'Deny'].includes(String(Reflect.get(Object(value), 'Effect')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
