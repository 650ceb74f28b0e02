import { matchesGlob } from '@tenant-delivery/domain/glob';
import { type Conditions, listOf, type PolicyDocument, type Statement } from './policy-document.ts';
import type { GrantPrincipal } from './ports.ts';

/** What AWS would know of a request. A key that is not there is absent. */
type Context = Readonly<Record<string, string | undefined>>;

/** A session of the role, as it may still be around. */
export interface HeldSession {
  readonly requester: string;
  readonly grant: string;
  readonly issued: number;
}

/**
 * Whether the trust policy lets a requester in at a time, by one grant or, without one, under any name of a session.
 * What cannot be told of a permission counts as let in, and of a denial as nothing denied.
 */
export function letsIn(
  trust: PolicyDocument,
  { arn, mfa, knownBy }: GrantPrincipal,
  requester: string,
  grant: string,
  at: number,
): boolean {
  const context: Context = {
    'aws:CurrentTime': new Date(at).toISOString(),
    'sts:SourceIdentity': requester,
    'sts:RoleSessionName': grant,
    'aws:SourceIdentity': knownBy === 'source-identity' ? requester : undefined,
    'aws:userid': knownBy === 'session-name' ? `AROA:${requester}` : 'AROA:session',
    'aws:MultiFactorAuthPresent': mfa ? 'true' : undefined,
  };
  const applying = trust.Statement.filter(
    (statement) => names(statement, arn) && acts(statement, 'sts:assumerole') && holds(statement, context),
  );
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

/** Whether the guard refuses whatever a session of the role asks for at a time. */
export function refuses(guard: PolicyDocument | undefined, session: HeldSession, at: number): boolean {
  const context: Context = {
    'aws:CurrentTime': new Date(at).toISOString(),
    'aws:SourceIdentity': session.requester,
    'aws:TokenIssueTime': new Date(session.issued).toISOString(),
    'aws:userid': `AROA:${session.grant}`,
  };
  return (guard?.Statement ?? []).some(
    (statement) =>
      statement.Effect === 'Deny' &&
      listOf(statement.Action).includes('*') &&
      listOf(statement.Resource).includes('*') &&
      holds(statement, context),
  );
}

function names({ Principal }: Statement, arn: string): boolean {
  if (Principal === '*' || Principal === undefined) return true;
  const [, , , , account] = arn.split(':');
  return listOf(Principal['AWS']).some(
    (named) => named === '*' || named === arn || named === account || named.endsWith(`::${account}:root`),
  );
}

function acts({ Action }: Statement, wanted: string): boolean {
  const listed = listOf(Action).map((action) => action.toLowerCase());
  return listed.some((action) => action === wanted || action.endsWith('*'));
}

function holds({ Effect, Condition = {} }: Statement, context: Context): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const test = TESTS[operator];
      // an operator that this reading does not know
      return test ? test(context[key], listOf(wanted)) : Effect === 'Allow';
    }),
  );
}

type Test = (given: string | undefined, wanted: readonly string[]) => boolean;

const date =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (given, wanted) =>
    given !== undefined && wanted.some((each) => compare(Date.parse(given), Date.parse(each)));
const equals: Test = (given, wanted) => given !== undefined && wanted.includes(given);

const TESTS: Readonly<Record<keyof Conditions, Test | undefined>> = {
  StringEquals: equals,
  StringEqualsIfExists: (given, wanted) => given === undefined || wanted.includes(given),
  StringNotEquals: (given, wanted) => given === undefined || !wanted.includes(given),
  StringLike: (given, wanted) => given !== undefined && wanted.some((pattern) => matchesGlob(pattern, given)),
  Bool: equals,
  Null: (given, wanted) => wanted.includes(String(given === undefined)),
  DateLessThan: date((given, wanted) => given < wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
};
