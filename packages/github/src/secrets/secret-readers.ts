import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import { everyPage } from '../session/pages.ts';
import type { KnownSecret, Sharing } from './actions-secrets.ts';
import { nameOf, type SecretHome } from './secret-home.ts';

/** The repositories whose runs may hold a secret, and what keeps one from knowing them or from going on. */
export interface Readers {
  readonly repositories: readonly string[];
  readonly obstacles: readonly string[];
}

/** Each of them is asked for its runs whenever one looks: that must fit what GitHub answers in an hour. */
const MOST_READERS = 50;

const ALL = 'GET /installation/repositories';
const reachableAnswer = v.object({
  total_count: v.number(),
  repository_selection: v.optional(v.string()),
  repositories: v.array(v.object({ full_name: v.string(), private: v.boolean() })),
});

/** Everybody who may read secrets of an organisation. `found` are those that are there, `pointer` the variable's own. */
export async function readersOf(
  ask: Ask,
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
  const { repositories, hidden } = await repositoriesOf(ask, sharing);
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
  ask: Ask,
  { visibility, repositories }: Sharing,
): Promise<{ readonly repositories: readonly string[]; readonly hidden: boolean }> {
  if (visibility === 'selected') return { repositories: repositories.map(({ name }) => name), hidden: false };
  let hidden = false;
  let total = 0;
  const all = await everyPage(ask, ALL, {}, reachableAnswer, (answer) => {
    hidden ||= answer.repository_selection !== 'all';
    total = answer.total_count;
    return answer.repositories;
  });
  if (all === 'absent' || all.length !== total)
    throw failures.answerIncomplete(ALL, ['not every repository of the installation came']);
  const reading = all.filter((each) => visibility === 'all' || each.private); // internal ones are private here
  return { repositories: reading.map((each) => each.full_name), hidden };
}
