import { iso } from '@tenant-delivery/rotation/times';
import { listOf, type PolicyDocument, type Statement } from './policy-document.ts';
import type { GrantPrincipal } from './ports.ts';
import { type Grant, LONGEST_SESSION, openAt } from './progress.ts';

/** Names the policy of the role that says who has it now. */
export const GUARD = 'td-grants';

/** Characters of a trust policy, white space aside, until the account's quota is raised ("IAM and AWS STS quotas"). */
export const TRUST_BUDGET = 2_048;

/** Of the 10,240 characters that all inline policies of a role may have. */
export const GUARD_BUDGET = 4_096;

const NOBODY = 'NobodyWithoutTheirName';

/** A trust policy needs a statement, also when nobody has a grant; and nobody comes in without saying who they are. */
const resting: Statement = {
  Sid: NOBODY,
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'sts:AssumeRole',
  Condition: { Null: { 'sts:SourceIdentity': 'true' } },
};

/** Statements that no grant of this journal wrote. */
export function foreignIn(trust: PolicyDocument, grants: readonly Grant[]): readonly Statement[] {
  const ours = new Set([NOBODY, ...grants.map(({ grant }) => grant)]);
  return trust.Statement.filter(({ Sid }) => Sid === undefined || !ours.has(Sid));
}

/** The trust policy that the open grants want. What others wrote stays as it is, whatever it is. */
export function trustFor(
  grants: readonly Grant[],
  foreign: readonly Statement[],
  principals: readonly GrantPrincipal[],
  now: number,
): PolicyDocument {
  const open = openAt(grants, now).flatMap((grant) => {
    const principal = principals.find(({ arn }) => arn === grant.principal);
    return principal ? [grantStatement(grant, principal)] : []; // the contract no longer names it
  });
  return { Version: '2012-10-17', Statement: [resting, ...foreign, ...open] };
}

function grantStatement(grant: Grant, { arn, knownBy, mfa }: GrantPrincipal): Statement {
  const { requester } = grant;
  return {
    Sid: grant.grant,
    Effect: 'Allow',
    Principal: { AWS: arn },
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    Condition: {
      StringEquals: {
        'sts:SourceIdentity': requester,
        ...(knownBy === 'source-identity' && { 'aws:SourceIdentity': requester }),
      },
      // SetSourceIdentity knows no name of a session
      StringEqualsIfExists: { 'sts:RoleSessionName': grant.grant },
      ...(knownBy === 'session-name' && { StringLike: { 'aws:userid': `*:${requester}` } }),
      DateGreaterThanEquals: { 'aws:CurrentTime': iso(grant.from) },
      DateLessThan: { 'aws:CurrentTime': iso(grant.until) },
      ...(mfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    },
  };
}

/**
 * The policy that denies everything to sessions of people without an open grant, to each requester after the end of their last
 * one, and what was issued before a grant was closed. It outlives the trust statement, as sessions do.
 */
export function guardFor(grants: readonly Grant[], now: number): PolicyDocument {
  const open = openAt(grants, now);
  const requesters = [...new Set(open.map(({ requester }) => requester))].toSorted();
  const closed = grants.flatMap(({ grant, requester, until, ending }) =>
    ending && now < lastSessionEnds(until) ? [{ grant, requester, at: ending.at }] : [],
  );
  const revoked = new Map<string, number>();
  for (const { requester, at } of closed) revoked.set(requester, Math.max(at, revoked.get(requester) ?? 0));
  const statements = [
    requesters.length === 0
      ? denial('NobodyHasAGrant')
      : denial('WithoutAGrant', { StringNotEquals: { 'aws:SourceIdentity': requesters } }),
    ...requesters.map((requester, index) =>
      denial(`AfterTheEnd${index}`, {
        StringEquals: { 'aws:SourceIdentity': requester },
        DateGreaterThanEquals: { 'aws:CurrentTime': iso(lastEnd(open, requester)) },
      }),
    ),
    ...[...revoked].map(([requester, at], index) =>
      denial(`IssuedBeforeTheClosing${index}`, {
        StringEquals: { 'aws:SourceIdentity': requester },
        DateLessThan: { 'aws:TokenIssueTime': iso(at) },
      }),
    ),
    // a session that was issued between the closing and the edit of the trust policy
    ...(closed.length > 0
      ? [denial('OfAClosedGrant', { StringLike: { 'aws:userid': closed.map(({ grant }) => `*:${grant}`) } })]
      : []),
  ];
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * A run that died between the word that a grant is closed and the edit of the trust policy lets sessions begin until the
 * grant's own end.
 */
export function lastSessionEnds(until: number): number {
  return until + LONGEST_SESSION;
}

function denial(Sid: string, Condition?: Statement['Condition']): Statement {
  return { Sid, Effect: 'Deny', Action: '*', Resource: '*', ...(Condition && { Condition }) };
}

function lastEnd(open: readonly Grant[], requester: string): number {
  return Math.max(...open.filter((grant) => grant.requester === requester).map(({ until }) => until));
}

/** Two policies that say the same: IAM may give one text in place of a list of one, and another order of members. */
export function sameDocument(one: PolicyDocument | undefined, other: PolicyDocument): boolean {
  return one !== undefined && normal(one) === normal(other);
}

export function lengthOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function normal({ Statement }: PolicyDocument): string {
  return JSON.stringify(Statement.map(sorted));
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.map(String).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]);
}

/** For reports: principals of statements that are not ours. */
export function sayStatement({ Sid, Effect, Principal }: Statement): string {
  const who =
    typeof Principal === 'object' ? Object.values(Principal).flatMap((each) => listOf(each)) : ['*'];
  return `${Effect} ${Sid ?? 'without a Sid'} for ${who.join(', ')}`;
}
