import { nameOf, type SecretHome } from '@tenant-delivery/credentials/secret-home';
import * as v from 'valibot';
import { wholeList } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import type { KnownSecret } from './actions-secrets.ts';
import type { Sharing } from './sharing.ts';

/** The repositories whose runs may hold a secret, and what keeps one from knowing them or from going on. */
export interface Readers {
  readonly repositories: readonly string[];
  readonly obstacles: readonly string[];
}

/** Each of them is asked for its runs whenever one looks: that must fit what GitHub answers in an hour. */
const MOST_READERS = 50;

const reachable = v.object({ full_name: v.string(), private: v.boolean() });

/** Everybody who may read secrets of an organisation. `found` are those that are there, `pointer` the variable's own. */
export async function readersOf(
  github: GithubClient,
  home: SecretHome & { readonly kind: 'organisation' },
  found: readonly KnownSecret[],
  pointer: Sharing | undefined,
  probe: string,
): Promise<Readers> {
  const sharings = found.flatMap(({ sharing }) => sharing ?? []);
  const [sharing] = sharings;
  const where = nameOf(home);
  if (!sharing)
    return {
      repositories: [],
      obstacles: [
        `${where} has none of these secrets yet. Make one of them by hand, with any value, seen by whom all of them are to be seen.`,
      ],
    };
  const all = pointer ? [...sharings, pointer] : sharings;
  const alike = new Set(all.map(wordsOf)).size === 1;
  const { repositories, hidden } = await repositoriesOf(github, sharing);
  const reader = repositories.some((name) => name.toLowerCase() === probe.toLowerCase());
  return {
    repositories,
    obstacles: [
      ...(alike
        ? []
        : [
            `The secrets and the variable of ${where} are seen by different repositories. Give all of them the same visibility.`,
          ]),
      ...(hidden
        ? [
            `The App does not see every repository of ${where}, and each may hold the key. Install it for all of them, or select those that read the secrets.`,
          ]
        : []),
      ...(repositories.length > MOST_READERS
        ? [
            `${repositories.length} repositories of ${where} may read the secrets; the runs of ${MOST_READERS} can be watched. Select those that read them.`,
          ]
        : []),
      ...(reader || hidden
        ? []
        : [
            `${probe} is to prove the key and may not read the secrets of ${where}. Let it, or name another.`,
          ]),
    ],
  };
}

function wordsOf({ visibility, repositories }: Sharing): string {
  return `${visibility} ${repositories
    .map(({ id }) => id)
    .toSorted((a, b) => a - b)
    .join()}`;
}

async function repositoriesOf(
  { paginate, rest: { apps } }: GithubClient,
  { visibility, repositories }: Sharing,
): Promise<{ readonly repositories: readonly string[]; readonly hidden: boolean }> {
  if (visibility === 'selected') return { repositories: repositories.map(({ name }) => name), hidden: false };
  let hidden = false;
  async function* pages() {
    for await (const page of paginate.iterator(apps.listReposAccessibleToInstallation, { per_page: 100 })) {
      hidden ||= page.data.repository_selection !== 'all';
      yield page;
    }
  }
  const all = await wholeList(reachable, pages());
  const reading = all.filter((each) => visibility === 'all' || each.private); // internal ones are private here
  return { repositories: reading.map((each) => each.full_name), hidden };
}
