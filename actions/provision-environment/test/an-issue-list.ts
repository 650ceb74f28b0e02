import type { Issues } from '@tenant-delivery/delivery/github-ports';

/** The issues of a repository, in memory. */
export function anIssueList() {
  const kept: { number: number; title: string; body: string; state: string; comments: string[] }[] = [];
  const port: Issues = {
    openAll: async (_, marker) =>
      kept
        .filter(({ body, state }) => state === 'open' && body.startsWith(marker))
        .map(({ number, body }) => ({ number, body, url: `https://github.test/issues/${number}` })),
    openOne: async (repository, marker) => (await port.openAll(repository, marker))[0],
    create: async (_, title, body) => {
      kept.push({ number: kept.length + 1, title, body, state: 'open', comments: [] });
      return { number: kept.length, body, url: `https://github.test/issues/${kept.length}` };
    },
    update: async (_, issue, change) => {
      const found = kept[issue - 1];
      if (found) Object.assign(found, change);
    },
    comment: async (_, issue, body) => {
      kept[issue - 1]?.comments.push(body);
    },
  };
  return { kept, port };
}
