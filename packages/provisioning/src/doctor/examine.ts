import type { AgreedEnvironment } from './agreed-environment.ts';
import { agreementLines, publicationLines } from './contract-lines.ts';
import { githubLines } from './github-lines.ts';
import { accountLine, identityLines } from './identity-lines.ts';
import { keyLines } from './key-lines.ts';
import { type Asked, type Line, unknown } from './line.ts';
import type { GithubReader, Sight } from './ports.ts';
import { quotaLines } from './quota-lines.ts';
import { lookAtStacks, stackLines } from './stack-lines.ts';
import { vaultLines } from './vault-lines.ts';
import { workloadLines } from './workload-lines.ts';

/** What one environment looked like at one time. */
export interface Examination {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly lines: readonly Line[];
}

export interface Means {
  readonly sight: Sight;
  /** Absent where there is no token. */
  readonly github: GithubReader | undefined;
  /** Repositories that can be looked at; all that the contract names when absent. */
  readonly repositories?: readonly string[];
  /** Tag of the newest release; `undefined` where there is none. */
  readonly newest: Promise<string | undefined>;
}

/** Looks at everything that a contract promises, all at once, and says what is ok, wrong or unknown. Changes nothing. */
export async function examine(place: AgreedEnvironment, means: Means): Promise<Examination> {
  const { contract, name, environment } = place;
  const { sight, github, newest } = means;
  const of = {
    tenant: contract.id,
    environment: name,
    account: contract.account,
    region: environment.region,
  };
  const agreed = answered(agreementLines(place, newest));
  const atGithub = github && answered(githubLines(place, { ...means, github }));
  const [owner] = await answered([accountLine(place, sight)]);
  const looked = owner?.result === 'ok' ? answered(linesOfAccount(place, sight)) : [notLookedAt(owner)];
  const lines = await Promise.all([agreed, owner ? [owner] : [], looked, atGithub ?? [WITHOUT_TOKEN]]);
  return { ...of, lines: lines.flat() };
}

function linesOfAccount(place: AgreedEnvironment, sight: Sight): readonly Asked[] {
  const stacks = lookAtStacks(place, sight);
  return [
    ...publicationLines(place, sight),
    ...identityLines(place, sight),
    ...keyLines(place, sight),
    ...vaultLines(place, sight),
    ...workloadLines(place, sight),
    ...stackLines(place, stacks),
    ...quotaLines(place, sight, stacks),
  ];
}

async function answered(asked: readonly Asked[]): Promise<readonly Line[]> {
  return Promise.all(asked.map(async ({ id, about, verdict }) => ({ id, about, ...(await verdict) })));
}

/** Another account's answers, or none, would say nothing about this tenant. */
function notLookedAt(owner: Line | undefined): Line {
  const seen = unknown(
    'it was not looked at, because these credentials are not known to be of it',
    owner?.mend ?? '',
  );
  return { id: 'aws', about: "everything in the tenant's account", ...seen };
}

const WITHOUT_TOKEN: Line = {
  id: 'github',
  about: 'everything at GitHub',
  ...unknown(
    'it was not looked at, because there is no token',
    'Set GITHUB_TOKEN: export GITHUB_TOKEN=$(gh auth token)',
  ),
};
