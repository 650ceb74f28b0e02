import type { Account, Person } from '@tenant-delivery/delivery/github-ports';
import type { RecordedCommit } from '@tenant-delivery/delivery/promotion-source';
import { GITHUB_TOKEN_BOT, WEB_FLOW } from '@tenant-delivery/domain';

/** Something that an account did for a plan before anybody was asked to approve it. */
export interface Deed {
  readonly by: Account;
  /** After the login: `started the run`. */
  readonly did: string;
}

/** A commit about which something needed is unknown. */
export interface Obscure {
  readonly sha: string;
  /** `record`: an older release wrote down less than must be known. */
  readonly why: 'author' | 'merger' | 'record';
}

/** All that is known of who asked for a plan. */
export interface Asked {
  readonly deeds: readonly Deed[];
  readonly obscure: readonly Obscure[];
}

/** Who started the run, and who wrote, committed, merged or pushed what it deploys. */
export function askedFor(
  starters: readonly Account[],
  commits: readonly RecordedCommit[],
  bots: readonly number[],
): Asked {
  const read = commits.map((commit) => behind(commit, bots));
  return {
    deeds: [...starters.map((by) => ({ by, did: 'started the run' })), ...read.flatMap(({ deeds }) => deeds)],
    obscure: read.flatMap(({ obscure }) => obscure),
  };
}

/** What this person did; undefined when they asked for nothing. */
export function deedOf({ deeds }: Asked, person: Person): string | undefined {
  return deeds.find(({ by }) => by.id === person.id)?.did;
}

/** What unlisted bots did, a sentence each. The bot of GITHUB_TOKEN can never be listed. */
export function strangeBots({ deeds }: Asked, bots: readonly number[]): readonly string[] {
  const strange = deeds.filter(({ by }) => by.bot && !mayAct(by, bots));
  return [...new Set(strange.map(({ by, did }) => `${by.login} (${by.id}) ${did}`))];
}

function mayAct({ id, login }: Account, bots: readonly number[]): boolean {
  return id !== GITHUB_TOKEN_BOT && login !== 'github-actions[bot]' && bots.includes(id);
}

function behind({ sha, author, committer, broughtBy }: RecordedCommit, bots: readonly number[]): Asked {
  // GitHub commits what people merge on its pages, as web-flow; it writes no commit of its own
  const writers = [author, isWebFlow(committer) ? author : committer];
  const accounts = writers.filter((each) => each !== 'unknown');
  if (accounts.length < writers.length || isWebFlow(author))
    return { deeds: [], obscure: [{ sha, why: 'author' }] };
  const short = sha.slice(0, 12);
  const kinds = accounts.map((account) => ({
    ...account,
    bot: account.bot ?? account.login.endsWith('[bot]'),
  }));
  const deeds = kinds.map((by) => ({ by, did: `wrote or committed ${short}` }));
  const written = kinds.filter(({ bot }) => bot);
  if (written.length === 0) {
    const recorded = accounts.every(({ bot }) => bot !== undefined);
    const movers = Array.isArray(broughtBy) ? broughtBy : [];
    return {
      deeds: [...deeds, ...movers.map((by) => ({ by, did: `merged or pushed ${short}` }))],
      obscure: recorded ? [] : [{ sha, why: 'record' }],
    };
  }
  const [bot] = written;
  const strange = written.some((each) => !mayAct(each, bots));
  // of a bot that may not write here it does not matter who brought its work
  if (strange) return { deeds, obscure: [] };
  if (broughtBy === undefined) return { deeds, obscure: [{ sha, why: 'record' }] };
  if (broughtBy === 'unknown') return { deeds, obscure: [{ sha, why: 'merger' }] };
  const did = `merged or pushed ${short}, which ${bot?.login} wrote`;
  return {
    deeds: [...deeds, ...broughtBy.map((by) => ({ by, did }))],
    obscure: [],
  };
}

function isWebFlow(account: RecordedCommit['author']): boolean {
  return account !== 'unknown' && account.id === WEB_FLOW;
}
