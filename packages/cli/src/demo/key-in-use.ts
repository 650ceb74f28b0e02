import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerIdentity } from '@tenant-delivery/aws/session/caller-identity';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { keysOf } from '@tenant-delivery/local-aws/world/keys';
import type { ManualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { ownedBy, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { type HeldKey, keyUsers } from '@tenant-delivery/local-platform/key-users';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { ORDERS } from './stage.ts';

const { account, region } = ORDERS;
const USER = 'acme-ci';
const ESCROW = 'td/rotation/acme-ci';

/** What may be said of a key, by its id: as the pages say that it is made. */
export const fingerprint = (id: string) => fingerprintOf(account, id);

/** What the contract of acme names: a user with an old key in escrow, an App, and a repository whose workflow uses the key. */
export async function aKeyInUse(platform: LocalPlatform, clock: ManualClock) {
  const { aws, github } = platform;
  const old = seedOldKey(platform);
  const { legacy, sha } = await aRepositoryThatUsesIt(platform);
  const holder = { kind: 'repository', repository: legacy } as const;
  const keep = (of: 'secrets' | 'variables', name: string, value: string) =>
    storeOf(github.world, holder)[of].set(name, {
      name,
      value,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
  keep('secrets', 'AWS_KEY_ID_A', old.accessKeyId);
  keep('secrets', 'AWS_KEY_SECRET_A', old.secretAccessKey);
  keep('variables', 'AWS_KEY_SLOT', 'A');
  const secrets = () => ownedBy(github.world, holder, 'secrets');
  const slot = () => ownedBy(github.world, holder, 'variables')['AWS_KEY_SLOT'] ?? '';
  const at = (place: string): HeldKey | undefined => {
    const { [`AWS_KEY_ID_${place}`]: id, [`AWS_KEY_SECRET_${place}`]: secret } = secrets();
    return id && secret ? { id, secret } : undefined;
  };
  let headquarters: HeldKey = { id: old.accessKeyId, secret: old.secretAccessKey };
  const users = keyUsers(
    [
      { name: 'acme/legacy', probe: 'verify-slot.yml', read: async () => at(slot()), at },
      { name: 'hq', read: async () => headquarters },
    ],
    {
      github,
      repository: legacy,
      sha,
      fingerprint,
      now: () => clock.now(),
      every: 20 * HOUR,
      use: ({ id, secret }) => isTaken(aws.url, id, secret),
    },
  );
  return {
    ...keysAtAws(platform),
    users,
    slot,
    /** The names of the secrets that are left. */
    left: () => Object.keys(secrets()),
    /** Whether somebody has asked the workflow for a proof that it has not given yet. */
    isAsked: () =>
      legacy.runs.some(({ event, conclusion }) => event === 'workflow_dispatch' && conclusion === null),
    headquartersTakes: (id: string) => {
      headquarters = { id, secret: keysOf(aws.world)[id]?.secretAccessKey ?? '' };
    },
  };
}

/** An old key of a user, in escrow, and the key of the App by which a rotation writes to GitHub. */
function seedOldKey({ aws, github }: LocalPlatform) {
  const user = seedUser(aws.world, account, { name: USER, path: '/td-rotatable/' });
  const old = seedAccessKey(aws.world, account, user, 61 * DAY);
  seedSecret(aws.world, account, region, { name: ESCROW, value: JSON.stringify(old) });
  const permissions = { secrets: 'write', actions_variables: 'write', actions: 'write' } as const;
  const { app, privateKey } = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  installApp(github.world, app, { account: 'acme' });
  seedSecret(aws.world, account, region, { name: 'td/rotation/github-app', value: privateKey });
  return old;
}

async function aRepositoryThatUsesIt({ folder, github }: LocalPlatform) {
  const path = join(folder, 'repositories/acme/legacy.git');
  mkdirSync(path, { recursive: true });
  await createGitRepository(path);
  const workflow = readFileSync(join(root, 'templates/workflow-templates/verify-slot.yml'), 'utf8');
  const sha = await commitFiles(path, {
    branch: 'main',
    files: { '.github/workflows/verify-slot.yml': workflow },
    message: 'Begin\n',
    author: { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' },
  });
  const legacy: Repository = github.addRepository({
    owner: 'acme',
    ownerId: 123456,
    name: 'legacy',
    id: 456790,
    path,
  });
  return { legacy, sha };
}

/** What AWS has of the user's keys. */
function keysAtAws({ aws }: LocalPlatform) {
  const mine = () =>
    usersOf(aws.world, account)[USER]?.keys.filter(({ deleted }) => deleted === undefined) ?? [];
  return {
    keys: () => mine().map(({ accessKeyId }) => accessKeyId),
    statusOf: (id: string) =>
      mine()
        .find(({ accessKeyId }) => accessKeyId === id)
        ?.statuses.at(-1)?.status ?? 'deleted',
    created: () =>
      aws.calls
        .filter(({ operation }) => operation === 'CreateAccessKey')
        .reduce((sum, { effects }) => sum + effects, 0),
    escrowed: () =>
      Object.values(secretsOf(aws.world, account, region)[ESCROW]?.versions ?? {})
        .map(({ value }) => value ?? '')
        .join(),
  };
}

/** Signs a request with the key, as its users do. */
async function isTaken(endpoint: string, accessKeyId: string, secretAccessKey: string): Promise<boolean> {
  const base = { region, local: true, scale: 1, userAgent: 'a workflow of acme' };
  const config = { ...clientConfig(base, { accessKeyId, secretAccessKey }), endpoint };
  return callerIdentity({ clientConfig: () => config }, 'rotate').then(
    () => true,
    () => false,
  );
}
