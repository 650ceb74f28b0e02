import type { Account, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import type { RecordedCommit } from '@tenant-delivery/delivery/promotion-source';
import type { ApprovalAgreement } from '@tenant-delivery/tenancy/environment-protection';
import { type Asked, askedFor, deedOf, type Obscure, strangeBots } from './requesters.ts';

/** What is known when an approval is judged. */
export interface Facts {
  readonly agreed: ApprovalAgreement;
  /** Every word on the approval environment in this run, of all attempts and all jobs. */
  readonly approvals: readonly RunApproval[];
  readonly attempt: number;
  /** Everybody who started the run or one of its attempts. */
  readonly starters: readonly Account[] | 'unknown';
  /** Since the deployed revision; at least the one that is deployed now. */
  readonly commits: readonly RecordedCommit[];
  /** The people whom the approval environment asks. */
  readonly reviewers: readonly Person[];
}

export interface Approver extends Person {
  /** The role that this approval was counted for. */
  readonly role: string;
  readonly comment: string;
}

export type Judgement =
  | { readonly kind: 'approved'; readonly by: readonly Approver[] }
  | { readonly kind: 'rejected'; readonly by: readonly Person[] }
  | {
      /** Not enough that count. */
      readonly kind: 'missing';
      /** Each role that lacks somebody. */
      readonly missing: readonly string[];
      /** Each approval that did not count, and why. */
      readonly discounted: readonly string[];
      /** Logins of the reviewers who could have approved it. */
      readonly able: readonly string[];
    }
  /** Some could approve this plan and some could not, and GitHub does not say for which job and attempt each word was. */
  | { readonly kind: 'ambiguous'; readonly unable: readonly string[] }
  /** Bots had a part whom the contract does not list, a sentence each. */
  | { readonly kind: 'bots'; readonly did: readonly string[] }
  /** Nobody knows whether the approver is behind these. */
  | { readonly kind: 'obscure'; readonly commits: readonly Obscure[] };

/**
 * Whether the approval is enough: one person of an agreed role, who asked for none of what is deployed. GitHub's history
 * names environments and neither jobs nor attempts, so any word on the environment may be the only one that was given
 * for this plan: each person must be able to approve it alone.
 */
export function judge(facts: Facts): Judgement {
  const { agreed, attempt, starters, commits } = facts;
  const words = facts.approvals.filter(({ environments }) => environments.includes(agreed.environment));
  const rejected = words.filter(({ state }) => state === 'rejected').map(({ by }) => by);
  if (rejected.length > 0 && attempt === 1) return { kind: 'rejected', by: rejected };
  const bots = agreed.bots ?? [];
  const asked = askedFor(starters === 'unknown' ? [] : starters, commits, bots);
  const did = strangeBots(asked, bots);
  if (did.length > 0) return { kind: 'bots', did };
  if (asked.obscure.length > 0) return { kind: 'obscure', commits: asked.obscure };
  return judgeWords(facts, words, starters === 'unknown' ? undefined : asked);
}

function judgeWords(
  { agreed, reviewers }: Facts,
  words: readonly RunApproval[],
  asked: Asked | undefined,
): Judgement {
  const seats = Object.entries(agreed.required).filter(([, count]) => count > 0);
  const [seat] = seats;
  const people = seats.reduce((sum, [, count]) => sum + count, 0);
  const distinct = [...new Map(words.map((word) => [`${word.state} ${word.by.id}`, word])).values()];
  const read = distinct.map((word) => ({ word, objection: objectionTo(agreed, word, asked) }));
  const unable = read.flatMap(({ word, objection }) => (objection ? [`${word.by.login} ${objection}`] : []));
  const able = read.filter(({ objection }) => objection === undefined).map(({ word }) => word);
  const could = reviewers
    .filter((by) => objectionTo(agreed, { state: 'approved', by }, asked) === undefined)
    .map(({ login }) => login);
  if (!seat) {
    const missing = ['the contract requires nobody, which is no agreement'];
    return { kind: 'missing', missing, discounted: unable, able: could };
  }
  const [role] = seat;
  // the job starts after one approval, and any of those in the history may be that one
  if (people > 1) {
    const missing = seats.map(([name, count]) => `${name}: ${count} of ${people}, and GitHub proves one`);
    return { kind: 'missing', missing, discounted: unable, able: could };
  }
  if (able.length === 0)
    return { kind: 'missing', missing: [`${role}: 0 of 1`], discounted: unable, able: could };
  if (unable.length > 0) return { kind: 'ambiguous', unable };
  return { kind: 'approved', by: able.map(({ by, comment }) => ({ ...by, comment, role })) };
}

/** Why this word alone would not approve the plan, after the login. */
function objectionTo(
  { required, roles }: ApprovalAgreement,
  { state, by }: Pick<RunApproval, 'state' | 'by'>,
  asked: Asked | undefined,
): string | undefined {
  if (state === 'rejected') return 'rejected in this run';
  if (asked === undefined) return 'may have started the run: GitHub does not say who did';
  const deed = deedOf(asked, by);
  if (deed !== undefined) return deed;
  const wanted = Object.keys(required);
  const has = Object.keys(roles).filter((role) => roles[role]?.includes(by.id));
  if (has.length === 0) return 'has no approval role in the contract';
  return has.some((role) => wanted.includes(role))
    ? undefined
    : `has the role ${has.join(', ')}, and ${wanted.join(', ')} must approve`;
}
