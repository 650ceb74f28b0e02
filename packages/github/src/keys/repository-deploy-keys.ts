import type { Pace } from '@tenant-delivery/action-kit/call-pace';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import { installationToken, type Sessions } from '../app/app-token.ts';
import type { Ask } from '../session/ask.ts';
import { githubAccess } from '../session/octokit.ts';
import { parametersOf } from '../session/repository.ts';
import { deployKeyDates } from './deploy-key-dates.ts';

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
 * Deploy keys by the App of the contract. One token reads the administration of all `repositories` of an owner; where
 * GitHub gives none for all of them, each is asked with one of its own. Without an App nobody may ask.
 */
export function repositoryDeployKeys(
  app: AskingAs | undefined,
  repositories: readonly string[],
  { apiUrl, clock, masker, pace, cancelled }: Around,
): DeployKeys {
  const tokens = new Map<string, Promise<Ask>>();
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
  const askFor = async (of: readonly string[]): Promise<Ask> => {
    if (!app) throw new Error('the contract names no githubApp that could be asked');
    key ??= app.key();
    const wish = { repositories: of, permissions: { administration: 'read' } } as const;
    const { token } = await installationToken({ id: app.id, privateKey: await key }, wish, {
      sessions,
      clock,
      masker,
    });
    return sessions.ask(token.reveal());
  };
  return {
    keysOf: async (repository) => {
      const owner = ownerOf(repository);
      const all = repositories.filter((one) => ownerOf(one) === owner);
      const shared = tokens.get(owner) ?? askFor(all);
      tokens.set(owner, shared);
      const ask = await shared.catch((cause: unknown) => {
        if (all.length === 1) throw cause;
        return askFor([repository]);
      });
      return deployKeyDates(ask).keysOf(repository);
    },
  };
}

function ownerOf(repository: string): string {
  return parametersOf(repository).owner.toLowerCase();
}
