import type { GithubClient } from '../session/github-client.ts';
import { type AppAsking, type AppIdentity, installationToken } from './app-token.ts';

/** All that a look at environments and rulesets needs. A token has no more, whatever the App may. */
const READING = { actions: 'read', metadata: 'read' } as const;

/** Asks GitHub about one repository at a time, with a token for that one that changes nothing. Throws where the App is not installed. */
export function readingApp(
  app: AppIdentity,
  asking: AppAsking,
): (repository: string) => Promise<GithubClient> {
  return async (repository) => {
    const wish = { repositories: [repository], permissions: READING };
    const { token } = await installationToken(app, wish, asking);
    return asking.clientFor(token.reveal());
  };
}
