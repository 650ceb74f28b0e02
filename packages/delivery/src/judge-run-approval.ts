import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import type { Account, RunApproval } from './github-ports.ts';

/** What is known of a run that opens a grant, answers a leak or acknowledges for others. */
export interface ApprovalFacts {
  /** Every word on environments in this run, of all jobs. */
  readonly approvals: readonly RunApproval[];
  /** The environments whose reviewers approve this, as GitHub protects them: one for each person who must approve. */
  readonly environments: readonly (readonly [name: string, found: EnvironmentProtection | 'absent'])[];
  readonly attempt: number;
  /** Everybody who started the run. */
  readonly starters: readonly Account[] | 'unknown';
  /** Of a grant: who is to have the role, by the name that the identity provider gives. */
  readonly requester?: string;
  /** Numeric ids of all who have a role of approval in the contract. */
  readonly people: ReadonlySet<number>;
}

/**
 * Logins of those who approved, or why that is not enough. GitHub's history names environments and no jobs, so any word
 * on an environment may be the only one that was given for this: nobody in it may have asked, be unknown to the contract
 * or have the name of who is to have the role, and nobody may be in it for two environments.
 */
export function judgeRunApproval(
  facts: ApprovalFacts,
): { readonly approvers: readonly string[] } | { readonly why: readonly string[] } {
  const { approvals, environments, attempt, starters } = facts;
  const words = environments.map(([name]) => ({
    name,
    of: approvals.filter((word) => word.environments.includes(name)),
  }));
  const all = [...new Set(words.flatMap(({ of }) => of))];
  const objections = all.flatMap((word) => {
    const objection = objectionTo(facts, word);
    return objection === undefined ? [] : [`${word.by.login} ${objection}`];
  });
  const why = [
    ...environments.flatMap(([name, found]) => wrongWith(name, found)),
    ...(starters === 'unknown' ? ['GitHub does not say who started the run'] : []),
    // who lets a bot start the run could approve what they asked for
    ...botsIn(starters).map(({ login }) => `${login} started the run, and GitHub does not say for whom`),
    // GitHub does not say which attempt a word belongs to
    ...(attempt > 1 ? [`this is attempt ${attempt} of the run`] : []),
    ...new Set(objections),
    ...words.filter(({ of }) => of.length === 0).map(({ name }) => `nobody approved in ${name}`),
    ...inSeveral(words),
  ];
  if (why.length > 0) return { why };
  return { approvers: [...new Set(all.map(({ by }) => by.login))].toSorted() };
}

/** Why this word alone would not be an approval, after the login. */
function objectionTo(
  { starters, requester, people }: ApprovalFacts,
  { state, by }: RunApproval,
): string | undefined {
  const own = [requester, requester?.split('@')[0]].map((name) => name?.toLowerCase());
  if (state === 'rejected') return 'rejected it';
  if (starters !== 'unknown' && starters.some(({ id }) => id === by.id)) return 'asked for it';
  if (own.includes(by.login.toLowerCase())) return 'is to have it';
  return people.has(by.id) ? undefined : 'has no approval role in the contract';
}

/** Who approved in two environments may be the only one who approved this: the others had another job before them. */
function inSeveral(
  words: readonly { readonly name: string; readonly of: readonly RunApproval[] }[],
): readonly string[] {
  const people = new Map(words.flatMap(({ of }) => of.map(({ by }) => [by.id, by.login] as const)));
  return [...people].flatMap(([id, login]) => {
    const names = words.filter(({ of }) => of.some(({ by }) => by.id === id)).map(({ name }) => name);
    return names.length > 1
      ? [`${login} approved in ${names.join(' and in ')}, which is for two people`]
      : [];
  });
}

function botsIn(starters: ApprovalFacts['starters']): readonly Account[] {
  return starters === 'unknown' ? [] : starters.filter(({ bot }) => bot);
}

/** GitHub creates an unprotected environment as soon as a workflow names it. */
function wrongWith(name: string, found: EnvironmentProtection | 'absent'): readonly string[] {
  if (found === 'absent') return [`the environment ${name} does not exist`];
  const { reviewers, adminsMayBypass } = found;
  return [
    ...(reviewers.kind === 'none' ? [`the environment ${name} requires no reviewer`] : []),
    ...(reviewers.kind === 'required' && !reviewers.preventSelfReview
      ? [`the environment ${name} lets people review their own runs`]
      : []),
    ...(adminsMayBypass ? [`the environment ${name} lets administrators bypass its rules`] : []),
  ];
}
