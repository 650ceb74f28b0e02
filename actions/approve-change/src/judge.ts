import type { Commit, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import type { ApprovalAgreement } from './protection.ts';

/** What is known when an approval is judged. */
export interface Facts {
  readonly agreed: ApprovalAgreement;
  /** Every word on the approval environment in this run, of all attempts. */
  readonly approvals: readonly RunApproval[];
  readonly attempt: number;
  readonly actor: { readonly id: number; readonly login: string };
  /** Login of whoever started this attempt. */
  readonly triggeringActor: string;
  /** Since the deployed revision; at least the one that is deployed now. */
  readonly commits: readonly Commit[];
}

export interface Approver extends Person {
  /** The role that this approval was counted for. */
  readonly role: string;
  readonly comment: string;
}

export type Judgement =
  | { readonly kind: 'approved'; readonly by: readonly Approver[] }
  | { readonly kind: 'rejected'; readonly by: readonly Person[] }
  /** Not enough that count; `missing` names each role, `discounted` each approval that did not count, and why. */
  | { readonly kind: 'missing'; readonly missing: readonly string[]; readonly discounted: readonly string[] }
  /** GitHub does not say which attempt an approval belongs to, and here it matters. */
  | { readonly kind: 'ambiguous'; readonly attempt: number }
  /** Nobody knows whether the approver wrote these. */
  | { readonly kind: 'authors-unknown'; readonly commits: readonly string[] };

/**
 * Whether the approvals are enough: agreed numbers in agreed roles, by people who neither started the run nor wrote or
 * committed any of what is deployed. A person counts for one role.
 */
export function judge(facts: Facts): Judgement {
  const { agreed, attempt } = facts;
  const words = facts.approvals.filter(({ environments }) => environments.includes(agreed.environment));
  const judged = judgeWords(facts, words);
  if (judged.kind === 'rejected' && attempt === 1) return judged;
  const unknown = facts.commits.filter(({ author, committer }) => [author, committer].includes('unknown'));
  if (unknown.length > 0) return { kind: 'authors-unknown', commits: unknown.map(({ sha }) => sha) };
  if (attempt === 1 || judged.kind === 'missing') return judged;
  // Any one of the words may be the only one of this attempt, so each must be enough alone.
  const eachIsEnough = words.every((word) => judgeWords(facts, [word]).kind === 'approved');
  return eachIsEnough ? judged : { kind: 'ambiguous', attempt };
}

function judgeWords(facts: Facts, words: readonly RunApproval[]): Judgement {
  const { required, roles } = facts.agreed;
  const rejections = words.filter(({ state }) => state === 'rejected');
  if (rejections.length > 0) return { kind: 'rejected', by: rejections.map(({ by }) => by) };
  const distinct = [...new Map(words.map((word) => [word.by.id, word])).values()];
  const standing = distinct.map((word) => ({ word, objection: objectionTo(facts, word.by) }));
  const counting = standing.filter(({ objection }) => objection === undefined).map(({ word }) => word);
  const seats = Object.entries(required).flatMap(([role, count]) =>
    Array.from({ length: count }, () => role),
  );
  const seated = seat(seats, counting, roles);
  const filled = seated.map(({ role }) => role);
  const missing = Object.entries(required).flatMap(([role, count]) => {
    const found = filled.filter((each) => each === role).length;
    return found >= count ? [] : [`${role}: ${found} of ${count}`];
  });
  if (seats.length === 0) missing.push('the contract requires nobody, which is no agreement');
  if (missing.length === 0) return { kind: 'approved', by: seated };
  return {
    kind: 'missing',
    missing,
    discounted: standing.flatMap(({ word, objection }) =>
      objection ? [`${word.by.login} ${objection}`] : [],
    ),
  };
}

function objectionTo({ agreed, actor, triggeringActor, commits }: Facts, person: Person): string | undefined {
  if (!(actor.id > 0) || triggeringActor === '')
    return 'may have started the run: nobody says who started it';
  const login = person.login.toLowerCase();
  if (person.id === actor.id || login === actor.login.toLowerCase()) return 'started the run';
  if (login === triggeringActor.toLowerCase()) return 'started this attempt of the run';
  const written = commits.find(({ author, committer }) =>
    [author, committer].some((each) => each !== 'unknown' && each.id === person.id),
  );
  if (written) return `wrote or committed ${written.sha.slice(0, 12)}`;
  const known = Object.values(agreed.roles).some((people) => people.includes(person.id));
  return known ? undefined : 'has no approval role in the contract';
}

/** As many seats filled as can be, one person each (augmenting paths; a handful of people at most). */
function seat(
  seats: readonly string[],
  words: readonly RunApproval[],
  roles: ApprovalAgreement['roles'],
): readonly Approver[] {
  const taken = new Map<RunApproval, number>();
  const find = (index: number, tried: Set<RunApproval>): boolean =>
    words.some((word) => {
      if (tried.has(word) || !roles[seats[index] ?? '']?.includes(word.by.id)) return false;
      tried.add(word);
      const held = taken.get(word);
      if (held !== undefined && !find(held, tried)) return false;
      taken.set(word, index);
      return true;
    });
  for (const index of seats.keys()) find(index, new Set());
  return [...taken].map(([{ by, comment }, index]) => ({ ...by, comment, role: seats[index] ?? '' }));
}
