import type { EnvironmentProtection, RunApproval } from '@tenant-delivery/delivery/github-ports';

/** What is known when a grant is to be opened. */
export interface ApprovalFacts {
  /** Every word on environments in this run. */
  readonly approvals: readonly RunApproval[];
  /** The environments whose reviewers approve grants, as GitHub protects them. */
  readonly environments: readonly (readonly [name: string, found: EnvironmentProtection | 'absent'])[];
  readonly attempt: number;
  readonly actor: { readonly id: number; readonly login: string };
  readonly triggeringActor: string;
  /** Who is to have the role, by the name that the identity provider gives. */
  readonly requester: string;
  /** Numeric ids of all who have a role of approval in the contract. */
  readonly people: ReadonlySet<number>;
  readonly reviewers: number;
}

/**
 * Logins of those who approved, or why that is not enough: people who neither asked, nor are unknown to the contract, nor
 * have the name of whoever is to have the role.
 */
export function judgeApproval(
  facts: ApprovalFacts,
): { readonly approvers: readonly string[] } | { readonly why: readonly string[] } {
  const { approvals, environments, attempt, actor, triggeringActor, requester, people, reviewers } = facts;
  const names = environments.map(([name]) => name);
  const words = approvals.filter((word) => word.environments.some((name) => names.includes(name)));
  const asked = [actor.login, triggeringActor].map((login) => login.toLowerCase());
  const own = [requester, requester.split('@')[0]].map((name) => name?.toLowerCase());
  const counting = new Map<number, string>();
  const discounted: string[] = [];
  const against = environments.flatMap(([name, found]) => wrongWith(name, found));
  for (const { state, by } of words) {
    if (state === 'rejected') against.push(`${by.login} rejected it`);
    else if (by.id === actor.id || asked.includes(by.login.toLowerCase()))
      discounted.push(`${by.login} asked for it`);
    else if (own.includes(by.login.toLowerCase())) discounted.push(`${by.login} is to have it`);
    else if (!people.has(by.id)) discounted.push(`${by.login} has no approval role in the contract`);
    else counting.set(by.id, by.login);
  }
  if (!(actor.id > 0) || triggeringActor === '') against.push('nobody says who started the run');
  // whoever may start a bot could approve what they asked for
  const bot = [actor.login, triggeringActor].find((login) => login.endsWith('[bot]'));
  if (bot !== undefined) against.push(`${bot} started the run, and nobody says for whom`);
  // GitHub does not say which attempt a word belongs to
  if (attempt > 1) against.push(`this is attempt ${attempt} of the run`);
  const missing =
    counting.size < reviewers ? [`${counting.size} of ${reviewers} people approved it`, ...discounted] : [];
  const why = [...against, ...missing];
  return why.length > 0 ? { why } : { approvers: [...counting.values()].toSorted() };
}

/** GitHub makes an environment that nobody has protected as soon as a workflow names it. */
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
