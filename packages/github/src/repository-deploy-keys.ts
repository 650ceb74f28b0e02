import type { Pace } from '@tenant-delivery/action-kit/call-pace';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { DeployKeys } from '@tenant-delivery/rotation/report/ports';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import { installationToken, type Sessions } from './app-token.ts';
import type { Ask } from './ask.ts';
import { deployKeyDates } from './deploy-key-dates.ts';
import { githubAccess } from './session.ts';

interface AskingAs {
  readonly id: number;
  readonly key: () => Promise<Secret>;
}

interface Around {
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly masker: Masker;
  readonly pace: Pace;
  readonly cancelled: AbortSignal;
}

/**
 * Deploy keys by the App of the contract. Each repository is asked with a token of its own, which may read its
 * administration and no more. Without an App nobody may ask.
 */
export function repositoryDeployKeys(
  app: AskingAs | undefined,
  { apiUrl, clock, masker, pace, cancelled }: Around,
): DeployKeys {
  let key: Promise<Secret> | undefined;
  const accessOf = (token: string) => githubAccess(apiUrl, token, clock, cancelled);
  const inTurn =
    (ask: Ask): Ask =>
    (route, parameters, schema) =>
      pace('github', () => ask(route, parameters, schema));
  const sessions: Sessions = {
    ask: (token) => inTurn(accessOf(token).ask),
    change: (token) => (route, parameters) => pace('github', () => accessOf(token).change(route, parameters)),
  };
  return {
    keysOf: async (repository) => {
      if (!app) throw new Error('the contract names no githubApp that could be asked');
      key ??= app.key();
      const wish = { repositories: [repository], permissions: { administration: 'read' } } as const;
      const identity = { id: app.id, privateKey: await key };
      const { token } = await installationToken(identity, wish, { sessions, clock, masker });
      return deployKeyDates(sessions.ask(token.reveal())).keysOf(repository);
    },
  };
}
