import type { Pace } from '@tenant-delivery/action-kit/call-pace';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import { installationToken } from '../app/app-token.ts';
import { type ClientFor, type GithubClient, githubClient } from '../session/github-client.ts';
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
  const tokens = new Map<string, Promise<GithubClient>>();
  let key: Promise<Secret> | undefined;
  const clientFor: ClientFor = async (token) => {
    const client = await githubClient(apiUrl, token, clock, cancelled);
    client.hook.wrap('request', (request, asked) => pace('github', async () => request(asked)));
    return client;
  };
  const asAppFor = async (of: readonly string[]): Promise<GithubClient> => {
    if (!app) throw new Error('the contract names no githubApp that could be asked');
    key ??= app.key();
    const wish = { repositories: of, permissions: { administration: 'read' } } as const;
    const identity = { id: app.id, privateKey: await key };
    const { token } = await installationToken(identity, wish, { clientFor, clock, masker });
    return clientFor(token.reveal());
  };
  return {
    keysOf: async (repository) => {
      const owner = ownerOf(repository);
      const all = repositories.filter((one) => ownerOf(one) === owner);
      const shared = tokens.get(owner) ?? asAppFor(all);
      tokens.set(owner, shared);
      const client = await shared.catch((cause: unknown) => {
        if (all.length === 1) throw cause;
        return asAppFor([repository]);
      });
      return deployKeyDates(client).keysOf(repository);
    },
  };
}

function ownerOf(repository: string): string {
  return parametersOf(repository).owner.toLowerCase();
}
