import { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from '../failures.ts';
import type { GithubClient } from '../session/github-client.ts';
import { type AppAsking, type AppIdentity, installationToken } from './app-token.ts';

/** All that a look at environments and rulesets needs. A token has no more, whatever the App may. */
const READING = { actions: 'read', metadata: 'read' } as const;

/** GitHub as an App sees one repository, or why the App does not see it. */
export type Sighting = (repository: string) => Promise<GithubClient | { readonly unseen: string }>;

/** Asks GitHub about one repository at a time, with a token for that one that changes nothing. */
export function readingApp(app: AppIdentity, asking: AppAsking): Sighting {
  const notGiven: readonly string[] = [failures.appNotInstalled.code, failures.appLacksPermissions.code];
  return async (repository) => {
    try {
      const wish = { repositories: [repository], permissions: READING };
      const { token } = await installationToken(app, wish, asking);
      return await asking.clientFor(token.reveal());
    } catch (thrown) {
      if (thrown instanceof Failure && notGiven.includes(thrown.code)) return { unseen: thrown.message };
      throw thrown;
    }
  };
}
