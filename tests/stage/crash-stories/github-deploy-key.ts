import {
  newSshKey,
  publicKeyOf,
  sshFingerprint,
} from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { deployKeysOf, useDeployKey } from '@tenant-delivery/local-github/world/deploy-key';
import { ownedBy, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { keyUsers } from '@tenant-delivery/local-platform/key-users';
import { opening as deployKey } from '@tenant-delivery/rotate-access/agreed/github-deploy-key';
import type { Story } from '../crashed-rotation.ts';
import { openedRun } from '../opened-run.ts';
import { account, expected, ownedByOthers, region, settled, versionsOf } from './ground.ts';
import { withGithub } from './with-github.ts';

const CLONE: CredentialOf<'github-deploy-key'> & { readonly id: string } = {
  kind: 'github-deploy-key',
  id: 'ci-clone',
  repository: 'acme/library',
  escrow: 'td/rotation/ci-clone',
  consumers: [
    {
      kind: 'github',
      repository: 'acme/orders',
      mode: 'slots',
      name: 'CLONE_KEY',
      probe: 'verify-clone-key.yml',
      ref: 'refs/heads/main',
      cadenceHours: 24,
    },
  ],
};

/** Workflows clone with what is in the slot that the variable names. */
export async function deployKeyStory(folder: string, sha: string): Promise<Story> {
  const at = await withGithub(folder);
  const { aws, clock, github, orders, library } = at;
  const [before, foreign] = [newSshKey('before'), newSshKey('foreign')];
  seedSecret(aws.world, account, region, { name: CLONE.escrow, value: before.privateKey });
  const listed = () => deployKeysOf(github.world, library);
  const seeded = { readOnly: true, addedBy: 'dev-ana', lastUsedAt: null, enabled: true };
  const createdAt = clock.now() - 181 * DAY;
  for (const [title, { publicKey }] of [
    ['clone', before],
    ['of somebody', foreign],
  ] as const)
    listed().push({ id: github.world.nextId(), key: publicKey, title, createdAt, ...seeded });
  const holder = { kind: 'repository', repository: orders } as const;
  const times = { createdAt: clock.now(), updatedAt: clock.now() };
  const store = storeOf(github.world, holder);
  store.secrets.set('CLONE_KEY_A', { name: 'CLONE_KEY_A', value: before.privateKey, ...times });
  store.variables.set('CLONE_KEY_SLOT', { name: 'CLONE_KEY_SLOT', value: 'A', ...times });
  const slot = () => ownedBy(github.world, holder, 'variables')['CLONE_KEY_SLOT'];
  const held = (place: string | undefined) => {
    const secret = ownedBy(github.world, holder, 'secrets')[`CLONE_KEY_${place}`];
    const id = secret && publicKeyOf(secret);
    return secret && id ? { id, secret } : undefined;
  };
  const users = keyUsers(
    [{ name: 'orders', probe: 'verify-clone-key.yml', read: async () => held(slot()), at: held }],
    {
      github,
      repository: orders,
      sha,
      now: () => clock.now(),
      every: 23 * HOUR,
      fingerprint: sshFingerprint,
      use: async ({ id }) => {
        const key = listed().find((one) => one.key === id);
        if (key) useDeployKey(github.world, library, key.id);
        return key !== undefined;
      },
    },
  );
  return {
    ...at,
    secrets: [before.privateKey, ...before.privateKey.split('\n').slice(1, -2)],
    pass: async (milliseconds) => {
      const until = clock.now() + milliseconds;
      for (let next = users.next(); next <= until; next = users.next()) {
        await clock.advance(Math.max(0, next - clock.now()));
        await users.act();
      }
      await clock.advance(Math.max(0, until - clock.now()));
      await users.answer();
    },
    people: async () => ({}),
    run: async (world, given) => (await openedRun(world, deployKey, CLONE, given)).go(),
    violations: () => users.outages,
    judgeEnd: () => {
      const ours = listed().filter(({ title }) => title !== 'of somebody');
      const key = ours[0]?.key;
      return expected({
        'one key is left': ours.length === 1,
        'it is another': key !== before.publicKey,
        'escrow has it': publicKeyOf(versionsOf(at, CLONE.escrow)('AWSCURRENT')?.value ?? '') === key,
        'workflows have it, in one slot':
          held(slot())?.id === key && (held('A') === undefined || held('B') === undefined),
        'nothing waits': settled(at, CLONE.escrow),
        "somebody's key is as it was": listed().some((one) => one.key === foreign.publicKey),
        'what others own is as it was': ownedByOthers(at),
      });
    },
    close: at.close,
  };
}
