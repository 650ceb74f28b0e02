import type { GithubClient } from '../session/github-client.ts';
import { type AppAsking, type AppIdentity, installationToken } from './app-token.ts';

/** All that a look at environments and rulesets needs, or at workflows. A token has no more, whatever the App may. */
const READING = {
  settings: { actions: 'read', metadata: 'read' },
  workflows: { contents: 'read', metadata: 'read' },
} as const;

/** Asks GitHub about one repository at a time, with a token for that one that changes nothing. Throws where the App is not installed. */
export function readingApp(
  app: AppIdentity,
  asking: AppAsking,
  what: keyof typeof READING = 'settings',
): (repository: string) => Promise<GithubClient> {
  return async (repository) => {
    const wish = { repositories: [repository], permissions: READING[what] };
    const { token } = await installationToken(app, wish, asking);
    return asking.clientFor(token.reveal());
  };
}
