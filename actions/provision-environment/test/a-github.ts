import type { ObservedRepository, RepositorySettings } from '@tenant-delivery/provisioning/github/ports';
import type { Sent } from '@tenant-delivery/provisioning/ports';

const NUMBERS = { 'acme/repository-0': 9_000_000_000 };

/** GitHub in memory: a repository in which nothing is set, and an App that sees them once it is `installed`. */
export function aGithub() {
  const repositories = new Map<string, ObservedRepository>(
    Object.entries(NUMBERS).map(([name, id]) => [
      name,
      { id, visibility: 'private', approval: 'absent', deployment: 'absent', rules: {}, ruleset: 'absent' },
    ]),
  );
  const state: {
    installed: boolean;
    reader: boolean;
    refuses: string | undefined;
    diesAt: number | undefined;
  } = {
    installed: false,
    reader: false, // whether the job was given an App that reads
    refuses: undefined,
    diesAt: undefined, // the number of the call after which the machine dies
  };
  const calls: string[] = [];
  const change = (repository: string, what: string, changed: (now: ObservedRepository) => object): Sent => {
    calls.push(`${what} of ${repository}`);
    const now = repositories.get(repository);
    if (state.refuses !== undefined || !now) return { refused: state.refuses ?? 'Not Found' };
    repositories.set(repository, { ...now, ...changed(now) });
    if (calls.length === state.diesAt) throw new Error('the machine died');
    return 'done';
  };
  const settings: RepositorySettings = {
    observe: async ({ repository }) => repositories.get(repository) ?? 'absent',
    setEnvironment: async (repository, { name, reviewers, branches }) =>
      change(repository, name, ({ approval, deployment }) => {
        const open = { name, adminsMayBypass: false, reviewers: { kind: 'none' }, branches: { kind: 'any' } };
        const people = (reviewers ?? []).map((id) => ({ id, login: `user-${id}` }));
        return reviewers
          ? {
              approval: {
                ...(approval === 'absent' ? open : approval),
                reviewers: { kind: 'required', people, teams: [], preventSelfReview: true },
              },
            }
          : {
              deployment: {
                ...(deployment === 'absent' ? open : deployment),
                branches: { kind: 'patterns', branches, tags: [] },
              },
            };
      }),
    setRuleset: async (repository, { name, branches, checks }) =>
      change(repository, name, ({ ruleset, rules }) => {
        const known = ruleset === 'absent' ? undefined : ruleset;
        const all = [...new Set([...(known?.checks ?? []), ...checks])];
        const own = { deletion: 'refused', forcePush: 'refused', checks: all };
        return {
          rules: { ...rules, ...Object.fromEntries(branches.map((branch) => [branch, own])) },
          ruleset: {
            ...{ id: 1, active: true, bypass: 'nobody', exclude: [], upToDate: known?.upToDate ?? false },
            include: [
              ...new Set([...(known?.include ?? []), ...branches.map((each) => `refs/heads/${each}`)]),
            ],
            rules: [...new Set([...(known?.rules ?? []), 'deletion', 'non_fast_forward'])],
            checks: all,
          },
        };
      }),
  };
  const at = async () => (state.installed ? settings : { byHand: 'the contract names no githubApp' });
  return { repositories, state, calls, at };
}
