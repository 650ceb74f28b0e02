import type { Account, Commit, Person } from '@tenant-delivery/delivery/github-ports';
import type { Hands } from '@tenant-delivery/delivery/hands-in-pull-requests';
import { WEB_FLOW } from '@tenant-delivery/domain';
import type { ReviewedContract } from '@tenant-delivery/evidence/contract-record';
import { failures } from '@tenant-delivery/tenancy/failures';

/** Who asked for what this run signs, and who agreed. */
export type ContractRequest = Pick<ReviewedContract, 'askedBy' | 'approvedBy' | 'run'>;

/** What is known of who had a part in the change, and who approved it. */
export interface Facts {
  readonly tenant: string;
  /** Every commit that touched the contract since the one in force; `absent` where GitHub does not know one of them. */
  readonly commits: readonly Commit[] | 'absent';
  /** Who pushed or merged each of them to the branch, by its commit: a squashed commit does not say it. */
  readonly brought: ReadonlyMap<string, readonly Account[] | 'unknown'>;
  /** Who opened the pull requests that each came by, and pushed to their branches: names of authors can be forged. */
  readonly requested: ReadonlyMap<string, Hands>;
  /** Who started any attempt of the run. */
  readonly starters: readonly Account[];
  /** Who approved the environment of the job. */
  readonly approvers: readonly Person[];
}

/** Nobody agrees to a contract that they asked for. Throws when nobody else has agreed. */
export function judgeRequest({
  tenant,
  commits: written,
  brought,
  requested,
  starters,
  approvers,
}: Facts): Omit<ContractRequest, 'run'> {
  if (written === 'absent') throw failures.contractNotApproved(tenant, ['GitHub does not know its commits']);
  const unknown = written
    .filter(({ author, committer }) => author === 'unknown' || committer === 'unknown')
    .map(({ sha }) => `GitHub has no account for who wrote ${sha.slice(0, 8)}`);
  const unsaid = [...brought]
    .filter(([, by]) => by === 'unknown')
    .map(([sha]) => `GitHub does not say who brought ${sha.slice(0, 8)} to the branch`);
  const parts = [...requested.values()];
  const why = [...unknown, ...unsaid, ...new Set(parts.flatMap((each) => each.unsaid))];
  if (why.length > 0) throw failures.contractNotApproved(tenant, why);
  const impersonal = written.flatMap((commit) => forWhom(commit, brought, requested));
  if (impersonal.length > 0) throw failures.contractNotApproved(tenant, impersonal);
  const movers = [...brought.values()].flatMap((by) => (by === 'unknown' ? [] : by));
  const hands = written.flatMap(({ author, committer }) => [author, committer]);
  const known = hands.flatMap((each) => (each === 'unknown' || each.id === WEB_FLOW ? [] : [each]));
  const askedBy = distinct([...known, ...movers, ...parts.flatMap(({ by }) => by), ...starters]);
  const asked = new Set(askedBy.map(({ id }) => id));
  const approvedBy = distinct(approvers).filter(({ id }) => !asked.has(id));
  if (approvedBy.length > 0) return { askedBy, approvedBy };
  const all = distinct(approvers).map(({ login }) => `${login} approved it and had a part in it`);
  throw failures.contractNotApproved(tenant, all.length > 0 ? all : ['nobody approved this run']);
}

/**
 * Who sends a bot could approve what they asked for, so a bot has no part but to merge what people proposed, as a merge queue
 * does. Who starts the run vouches for no commit: they may have pushed something else.
 */
function forWhom(
  { sha, author, committer, parents }: Commit,
  brought: Facts['brought'],
  requested: Facts['requested'],
): readonly string[] {
  // GitHub does not say whose name a queue puts on a merge, and who pushed it is told anyway
  const writers = parents.length > 1 ? [] : [author, committer].filter((each) => each !== 'unknown');
  const hands = requested.get(sha)?.by ?? [];
  const movers = brought.get(sha) ?? 'unknown';
  const known = movers === 'unknown' ? [] : movers;
  const person = [...hands, ...known].some(({ bot }) => !bot);
  const bots = [...writers, ...hands, ...(person ? [] : known)].filter(({ bot }) => bot);
  return distinct(bots).map(
    ({ login }) =>
      `${login} had a part in ${sha.slice(0, 8)}, and GitHub does not say for whom: sign this change by hand`,
  );
}

function distinct(people: readonly Person[]): ReviewedContract['askedBy'] {
  return [...new Map(people.map(({ id, login }) => [id, { id, login }])).values()];
}
