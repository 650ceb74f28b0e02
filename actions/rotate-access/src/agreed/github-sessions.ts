import { installationToken, type Sessions, type TokenWish } from '@tenant-delivery/github/app/app-token';
import type { GithubAccess } from '@tenant-delivery/github/secrets/actions-secrets';
import { githubAccess } from '@tenant-delivery/github/session/octokit';
import type { App } from './consumers.ts';
import type { Around } from './opening.ts';

type Asking = Pick<Around, 'runner' | 'session' | 'masks'>;

/** GitHub for any token that somebody holds. */
export function githubSessions({ runner, session }: Asking): Sessions {
  const accessOf = (token: string) =>
    githubAccess(runner.context.apiUrl, token, session.clock, runner.cancelled);
  return { ask: (token) => accessOf(token).ask, change: (token) => accessOf(token).change };
}

/** GitHub with a token of the App's installation, which may do what is wished and no more. */
export async function accessFor(by: App, wish: TokenWish, around: Asking): Promise<GithubAccess> {
  const { runner, session, masks } = around;
  const sessions = githubSessions(around);
  const app = { id: by.app.id, privateKey: by.key };
  const { token } = await installationToken(app, wish, { sessions, clock: session.clock, masker: masks });
  return githubAccess(runner.context.apiUrl, token.reveal(), session.clock, runner.cancelled);
}
