import type { RotationApp } from '@tenant-delivery/credentials/kinds';
import { installationToken, type TokenWish } from '@tenant-delivery/github/app/app-token';
import {
  type ClientFor,
  type GithubClient,
  githubClient,
} from '@tenant-delivery/github/session/github-client';
import type { Secret } from '@tenant-delivery/rotation/secret';
import type { Around } from './opening.ts';

/** The App that writes to GitHub, with its private key. */
export interface App {
  readonly app: RotationApp;
  readonly key: Secret;
}

type Asking = Pick<Around, 'runner' | 'session' | 'masks'>;

/** GitHub for any token that somebody holds. */
export function clientsOf({ runner, session }: Asking): ClientFor {
  return (token) => githubClient(runner.context.apiUrl, token, session.clock, runner.cancelled);
}

/** GitHub with a token of the App's installation, which may do what is wished and no more. */
export async function clientAs(by: App, wish: TokenWish, around: Asking): Promise<GithubClient> {
  const clientFor = clientsOf(around);
  const app = { id: by.app.id, privateKey: by.key };
  const asking = { clientFor, clock: around.session.clock, masker: around.masks };
  const { token } = await installationToken(app, wish, asking);
  return clientFor(token.reveal());
}
