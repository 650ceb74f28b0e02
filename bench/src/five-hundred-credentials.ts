import type { ReportedCredential } from '@tenant-delivery/credentials/report/credentials';
import { DAY } from '@tenant-delivery/domain';
import type { LocalAws } from '@tenant-delivery/local-aws';
import { seedAccessKey, seedUser } from '@tenant-delivery/local-aws/services/iam';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import type { startLocalGithub } from '@tenant-delivery/local-github';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import { deployKeysOf } from '@tenant-delivery/local-github/world/deploy-key';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';

export const ACCOUNT = '000011112222';
export const REGION = 'eu-west-1';

/** Five hundred of one tenant. One in seven access keys is in the middle of its rotation. */
const HAS = {
  'iam-access-key': 200,
  'secrets-manager': 160,
  'vpn-psk': 60,
  'github-deploy-key': 50,
  'pull-through': 20,
  'github-app-key': 10,
} as const;

export function credentialsOf(): readonly ReportedCredential[] {
  const people = [{ id: 'external:hq', switching: 'acknowledged', cadence: DAY }] as const;
  const make: { readonly [Kind in keyof typeof HAS]: (id: string) => ReportedCredential } = {
    'iam-access-key': (id) => ({
      id,
      kind: 'iam-access-key',
      user: `td-rotatable/${id}`,
      escrow: `td/rotation/${id}`,
      consumers: people,
    }),
    'secrets-manager': (id) => ({
      id,
      kind: 'secrets-manager',
      secret: `td/prod/${id}`,
      strategy: 'provider-set',
      consumers: [],
    }),
    'vpn-psk': (id) => ({
      id,
      kind: 'vpn-psk',
      vpn: 'vpn-1',
      peer: '203.0.113.10',
      escrow: `td/rotation/${id}`,
      consumers: [],
    }),
    'github-deploy-key': (id) => ({
      id,
      kind: 'github-deploy-key',
      repository: `acme/${id}`,
      escrow: `td/rotation/${id}`,
      consumers: people,
    }),
    'pull-through': (id) => ({
      id,
      kind: 'pull-through',
      secret: `ecr-pullthroughcache/${id}`,
      prefix: id,
      consumers: [],
    }),
    'github-app-key': (id) => ({
      id,
      kind: 'github-app-key',
      app: 7,
      escrow: `td/rotation/${id}`,
      consumers: people,
    }),
  };
  const kinds = Object.keys(HAS) as (keyof typeof HAS)[]; // its own keys
  return kinds.flatMap((kind) => Array.from({ length: HAS[kind] }, (_, n) => make[kind](`${kind}-${n}`)));
}

export function seedAccount(
  { world }: LocalAws,
  agreed: readonly ReportedCredential[],
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const rules = world.state<Record<string, object>>('ecr-pull-through', ACCOUNT, REGION, () => ({}));
  const secret = (name: string) => seedSecret(world, ACCOUNT, REGION, { name, value: '{}' });
  for (const one of agreed) {
    if ('escrow' in one) secret(one.escrow);
    if ('secret' in one) {
      const { arn } = secret(one.secret);
      const made = { created: 0, updated: 0, upstream: 'docker-hub', url: 'registry-1.docker.io' };
      if (one.kind === 'pull-through')
        rules[one.prefix] = { ...made, prefix: one.prefix, credentialArn: arn };
    }
    if (one.kind === 'iam-access-key') {
      const user = seedUser(world, ACCOUNT, { name: one.id, path: '/td-rotatable/' });
      keys.set(one.id, fingerprintOf(ACCOUNT, seedAccessKey(world, ACCOUNT, user, 9 * DAY).accessKeyId));
    }
  }
  return keys;
}

export function seedGithub(
  github: Awaited<ReturnType<typeof startLocalGithub>>,
  now: number,
  agreed: readonly ReportedCredential[],
) {
  let id = 456_000;
  for (const one of agreed) {
    if (one.kind !== 'github-deploy-key') continue;
    id += 1;
    const made = github.addRepository({ owner: 'acme', ownerId: 123456, name: one.id, id, path: '/nowhere' });
    deployKeysOf(github.world, made).push({
      id,
      key: `ssh-ed25519 ${id}`,
      title: `td-rotation/${one.id}/0001`,
      readOnly: true,
      createdAt: now - 9 * DAY,
      addedBy: 'rotator[bot]',
      lastUsedAt: now,
      enabled: true,
    });
  }
  const permissions = { administration: 'read' } as const;
  const added = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  installApp(github.world, added.app, { account: 'acme' });
  return added;
}
