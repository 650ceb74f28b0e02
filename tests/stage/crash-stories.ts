import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CreatePullThroughCacheRuleCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  newSshKey,
  publicKeyOf,
  sshFingerprint,
} from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { DAY, HOUR, MINUTE } from '@tenant-delivery/domain';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { statusOf } from '@tenant-delivery/local-aws/ec2/vpn-state';
import { atCustomer, seedVpn, vpnsOf } from '@tenant-delivery/local-aws/services/ec2';
import { acceptUpstream, revokeUpstream } from '@tenant-delivery/local-aws/services/ecr';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { startLocalGithub } from '@tenant-delivery/local-github';
import { type App, installApp } from '@tenant-delivery/local-github/world/app';
import { deployKeysOf, useDeployKey } from '@tenant-delivery/local-github/world/deploy-key';
import { ownedBy, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { keyUsers } from '@tenant-delivery/local-platform/key-users';
import { opening as appKey } from '@tenant-delivery/rotate-access/agreed/github-app-key';
import { opening as deployKey } from '@tenant-delivery/rotate-access/agreed/github-deploy-key';
import { opening as accessKey } from '@tenant-delivery/rotate-access/agreed/iam-access-key';
import { opening as pullThrough } from '@tenant-delivery/rotate-access/agreed/pull-through';
import { opening as vpnPsk } from '@tenant-delivery/rotate-access/agreed/vpn-psk';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { ORDERS } from './acme.ts';
import type { Given, Story } from './crashed-rotation.ts';
import { allowing, putRoleWith } from './granting.ts';
import { openedRun } from './opened-run.ts';

/*
 * Each kind of credential in a small world of its own, on local-aws and local-github: who uses it all the time, what people
 * do for it, and what must be true at the end. Besides it there is one more of its kind, which nobody may touch.
 */
const { account, region } = ORDERS;
const APP_KEY = 'td/rotation/github-app';
const OTHER = 'td/rotation/other';

interface Ground {
  readonly aws: LocalAws;
  readonly clock: ManualClock;
}

/** An account with what belongs to others. */
async function ground(): Promise<Ground> {
  const clock = manualClock();
  const aws = await startLocalAws({ clock, runtime: 'simulated' });
  aws.addAccount(account);
  seedSecret(aws.world, account, region, { name: OTHER, value: 'of others' });
  return { aws, clock };
}

/** Clients that ask AWS past all doors. */
function clients({ aws }: Ground, credentials: ReturnType<LocalAws['addAccount']> = aws.addAccount(account)) {
  const config = { region, endpoint: aws.url, credentials };
  return {
    ecr: new ECRClient(config),
    secrets: new SecretsManagerClient(config),
    sts: new STSClient(config),
  };
}

function versionsOf({ aws }: Ground, secret: string) {
  const found = Object.entries(secretsOf(aws.world, account, region)[secret]?.versions ?? {});
  return (label: string) => {
    const [id, version] = found.find(([, { stages }]) => stages.includes(label)) ?? [];
    return id === undefined ? undefined : { id, value: String(version?.value) };
  };
}

/** Says what is not so. */
function expected(facts: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [`not so at the end: ${fact}`]));
}

const ownedByOthers = (at: Ground) => versionsOf(at, OTHER)('AWSCURRENT')?.value === 'of others';
const settled = (at: Ground, secret: string) => versionsOf(at, secret)('TDPENDING') === undefined;

const CACHE = { kind: 'pull-through', id: 'hub', secret: 'ecr-pullthroughcache/hub', prefix: 'hub' } as const;
const HUB = 'registry-1.docker.io';

/** The owner of the upstream account stages a token, and revokes the old one when asked to. */
export async function pullThroughStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const operator = clients(at);
  const value = (accessToken: string) => JSON.stringify({ username: 'acme', accessToken });
  const old = seedSecret(aws.world, account, region, { name: CACHE.secret, value: value('token-of-before') });
  const accepted = new Set(['token-of-before', 'token-of-after']);
  for (const token of accepted) acceptUpstream(aws.world, HUB, 'acme', token);
  await operator.ecr.send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: CACHE.prefix,
      upstreamRegistryUrl: HUB,
      credentialArn: old.arn,
    }),
  );
  await operator.secrets.send(
    new PutSecretValueCommand({
      SecretId: CACHE.secret,
      SecretString: value('token-of-after'),
      VersionStages: ['TDPENDING'],
      ClientRequestToken: '22222222-2222-4222-8222-222222222222',
    }),
  );
  let revoked: string | undefined;
  const current = () => versionsOf(at, CACHE.secret)('AWSCURRENT')?.value ?? '{}';
  return {
    ...at,
    secrets: [...accepted],
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (end) => {
      const asked = end?.facts.flatMap((fact) => /acknowledges (\S+)/.exec(fact)?.[1] ?? [])[0];
      if (asked !== undefined && revoked === undefined) {
        revoked = asked.replace(/[.,`]+$/, '');
        revokeUpstream(aws.world, HUB, 'token-of-before');
        accepted.delete('token-of-before');
      }
      return revoked === undefined ? ({} as Given) : { acknowledge: revoked };
    },
    run: async (world, given) => (await openedRun(world, pullThrough, { ...CACHE }, given)).go(),
    violations: () =>
      accepted.has(JSON.parse(current()).accessToken) ? [] : ['ECR pulls with a token that is revoked'],
    judgeEnd: () =>
      expected({
        'the new token is current': current() === value('token-of-after'),
        'the old one was revoked': revoked !== undefined,
        'nothing waits': settled(at, CACHE.secret),
        'what others own is as it was': ownedByOthers(at),
      }),
    close: () => aws.close(),
  };
}

const VPN = {
  kind: 'vpn-psk',
  id: 'acme-hq',
  vpn: 'vpn-0acme00000hq0001',
  peer: '203.0.113.10',
  escrow: 'td/rotation/acme-hq',
} as const;

/** The customer's people say that they have the keys, and install that of a tunnel that is down, if not at once. */
export async function vpnStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const outside = ['198.51.100.1', '198.51.100.2'];
  const seeded = { customerGatewayIp: VPN.peer, tunnelsOutside: outside };
  const { tunnels } = seedVpn(aws.world, account, region, { id: VPN.vpn, ...seeded });
  const other = seedVpn(aws.world, account, region, { id: 'vpn-0acme0000other1', ...seeded });
  const others = other.tunnels.map(({ preSharedKey }) => preSharedKey);
  const before = tunnels.map(({ preSharedKey }) => preSharedKey);
  const keys = Object.fromEntries(tunnels.map(({ outsideIp, preSharedKey }) => [outsideIp, preSharedKey]));
  seedSecret(aws.world, account, region, { name: VPN.escrow, value: JSON.stringify(keys) });
  const inEscrow = (label: string): Readonly<Record<string, string>> =>
    JSON.parse(versionsOf(at, VPN.escrow)(label)?.value ?? '{}');
  const noticed = new Set<string>();
  const down = () => tunnels.filter(({ customerKey, preSharedKey }) => customerKey !== preSharedKey);
  return {
    ...at,
    secrets: before,
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (_, begun) => {
      for (const tunnel of down()) {
        const key = [inEscrow('TDPENDING'), inEscrow('AWSCURRENT')]
          .map((drawn) => drawn[tunnel.outsideIp])
          .find((drawn) => drawn !== undefined && drawn !== tunnel.customerKey);
        if (noticed.delete(tunnel.outsideIp) && key !== undefined) atCustomer(aws.world, tunnel, { key });
        else noticed.add(tunnel.outsideIp);
      }
      await clock.advance(20 * MINUTE); // the tunnel comes up
      const acknowledge = Object.entries(inEscrow('TDPENDING'))
        .map(([address, psk]) => `${address}=${fingerprintOf(account, psk)}`)
        .join(' ');
      return { ...(!begun && { wish: 'forced' }), ...(acknowledge && { acknowledge }) };
    },
    run: async (world, given) => (await openedRun(world, vpnPsk, { ...VPN }, given)).go(),
    violations: () => (tunnels.some((tunnel) => statusOf(aws.world, tunnel).up) ? [] : ['no tunnel is up']),
    judgeEnd: () =>
      expected({
        'both tunnels have other keys': tunnels.every(({ preSharedKey }) => !before.includes(preSharedKey)),
        'the customer has them': down().length === 0,
        'escrow has them': tunnels.every(
          ({ outsideIp, preSharedKey }) => inEscrow('AWSCURRENT')[outsideIp] === preSharedKey,
        ),
        'nothing waits': settled(at, VPN.escrow),
        'no key of before is kept': versionsOf(at, VPN.escrow)('AWSPREVIOUS') === undefined,
        'the other connection is as it was':
          vpnsOf(aws.world, account, region)[other.id]?.tunnels.every(({ preSharedKey }) =>
            others.includes(preSharedKey),
          ) === true,
      }),
    close: () => aws.close(),
  };
}

const SYSTEM = 'td/prod/legacy-key';
const ACCESS: CredentialOf<'iam-access-key'> & { readonly id: string } = {
  kind: 'iam-access-key',
  id: 'ci-legacy',
  user: 'td-rotatable/acme-ci',
  escrow: 'td/rotation/acme-ci',
  consumers: [{ kind: 'secrets-manager', secret: SYSTEM, reader: 'legacy-task', cadenceHours: 24 }],
};

/** A system reads the key from its secret twice a day, and uses it at once and twenty hours later. */
export async function accessKeyStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const user = seedUser(aws.world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  const neighbour = seedUser(aws.world, account, { name: 'acme-other', path: '/td-rotatable/' });
  const old = seedAccessKey(aws.world, account, user, 61 * DAY);
  const theirs = seedAccessKey(aws.world, account, neighbour, 61 * DAY);
  for (const name of [ACCESS.escrow, SYSTEM])
    seedSecret(aws.world, account, region, { name, value: JSON.stringify(old) });
  seedSecret(aws.world, account, region, { name: APP_KEY, value: 'no consumer is in GitHub' });
  putRoleWith(aws, account, { name: 'legacy-task', policy: allowing(['secretsmanager:GetSecretValue']) });
  const outages: string[] = [];
  const working: { readonly until: number; readonly key: typeof old }[] = [];
  let next = clock.now();
  const use = async (key: typeof old) => {
    await clients(at, key)
      .sts.send(new GetCallerIdentityCommand({}))
      .catch(() => outages.push(`the system's key did not work at ${new Date(clock.now()).toISOString()}`));
  };
  const act = async () => {
    for (const done of working.splice(0).filter((one) => one.until <= clock.now() || !working.push(one)))
      await use(done.key);
    if (next > clock.now()) return;
    next = clock.now() + 12 * HOUR;
    const arn = `arn:aws:sts::${account}:assumed-role/legacy-task/task-1`;
    const reader = issueSession(aws.world, { account, arn }, clock.now() + HOUR);
    const { secrets } = clients(at, reader);
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: SYSTEM }));
    const key: typeof old = JSON.parse(SecretString);
    await use(key);
    working.push({ until: clock.now() + 20 * HOUR, key });
  };
  const keysOf = (name: string) =>
    (usersOf(aws.world, account)[name]?.keys ?? []).filter(({ deleted }) => deleted === undefined);
  const idIn = (secret: string): unknown =>
    JSON.parse(versionsOf(at, secret)('AWSCURRENT')?.value ?? '{}').accessKeyId;
  return {
    ...at,
    secrets: [old.secretAccessKey],
    pass: async (milliseconds) => {
      const until = clock.now() + milliseconds;
      for (;;) {
        const due = Math.min(next, ...working.map((one) => one.until));
        if (due > until) break;
        await clock.advance(Math.max(0, due - clock.now()));
        await act();
      }
      await clock.advance(Math.max(0, until - clock.now()));
    },
    people: async () => ({}),
    run: async (world, given) => (await openedRun(world, accessKey, ACCESS, given)).go(),
    violations: () => outages,
    judgeEnd: () => {
      const [left, second] = keysOf('acme-ci');
      return expected({
        'one key is left': left !== undefined && second === undefined,
        'it is another': left?.accessKeyId !== old.accessKeyId,
        'escrow has it': idIn(ACCESS.escrow) === left?.accessKeyId,
        'the system has it': idIn(SYSTEM) === left?.accessKeyId,
        'nothing waits': settled(at, ACCESS.escrow) && settled(at, SYSTEM),
        "the neighbour's key is as it was": keysOf('acme-other')[0]?.accessKeyId === theirs.accessKeyId,
        'what others own is as it was': ownedByOthers(at),
      });
    },
    close: () => aws.close(),
  };
}

const PERMISSIONS = {
  secrets: 'write',
  actions_variables: 'write',
  actions: 'write',
  administration: 'write',
} as const;

/** RSA keys are slow to make: all worlds have the same two. */
const pairs = new Map<number, ReturnType<typeof rsaPair>>();
function rsaPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(der).digest('base64');
  return { publicKey, fingerprint, pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}
function pairOf(nth: number) {
  const pair = pairs.get(nth) ?? rsaPair();
  pairs.set(nth, pair);
  return pair;
}

/** GitHub with acme's App, whose key is in the account. */
async function withGithub(folder: string) {
  const at = await ground();
  const github = await startLocalGithub({ clock: at.clock });
  const path = `${folder}/orders.git`;
  const orders = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'orders', id: 456789, path });
  const library = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'library', id: 456791, path });
  const { fingerprint, publicKey, pem } = pairOf(0);
  const app: App = {
    id: 77,
    slug: 'rotator',
    owner: userNamed(github.world, 'acme'),
    permissions: PERMISSIONS,
    createdAt: at.clock.now(),
    keys: new Map([[fingerprint, publicKey]]),
  };
  github.world.apps.set(app.id, app);
  installApp(github.world, app, { account: 'acme' });
  seedSecret(at.aws.world, account, region, { name: APP_KEY, value: pem });
  const close = async () => {
    await github.close();
    await at.aws.close();
  };
  return { ...at, github, apiUrl: github.apiUrl, orders, library, app, close };
}

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

const ROTATOR: CredentialOf<'github-app-key'> & { readonly id: string } = {
  kind: 'github-app-key',
  id: 'rotator-app',
  app: 77,
  escrow: APP_KEY,
  consumers: [{ kind: 'external', name: 'hq', cadenceHours: 10 }],
};

/** The App's owner makes a key, brings it to hq when asked, and deletes the old one when asked. */
export async function appKeyStory(folder: string): Promise<Story> {
  const at = await withGithub(folder);
  const { clock, app } = at;
  const [old, made] = [pairOf(0), pairOf(1)];
  const operator = clients(at);
  let atHq = old.pem;
  let said = '';
  const current = () => versionsOf(at, APP_KEY)('AWSCURRENT')?.value;
  const inGithub = (pem: string | undefined) =>
    pem !== undefined && [...app.keys.values()].some((key) => key.equals(createPublicKey(pem)));
  const asked: (end: RunEnd) => Promise<void> = async ({ reasons, facts }) => {
    said = [...reasons.map(({ message }) => message), ...facts].join(' ');
    if (/^Make a new private key/.test(said) && !app.keys.has(made.fingerprint)) {
      app.keys.set(made.fingerprint, made.publicKey);
      await operator.secrets.send(
        new PutSecretValueCommand({
          SecretId: APP_KEY,
          SecretString: made.pem,
          VersionStages: ['TDPENDING'],
          ClientRequestToken: '3'.repeat(32),
        }),
      );
    }
    if (said.startsWith('Let external:hq take')) atHq = current() ?? '';
    const gone = /^Delete the private key SHA256:(\S+) on/.exec(said)?.[1];
    if (gone !== undefined) app.keys.delete(gone);
  };
  return {
    ...at,
    secrets: [old, made].flatMap(({ pem }) => [pem, ...pem.split('\n').slice(1, -2)]),
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (end, begun) => {
      if (end) await asked(end);
      const acknowledge = /`acknowledge: (\S+?)`/.exec(said)?.[1];
      return { ...(!begun && { wish: 'forced' }), ...(acknowledge !== undefined && { acknowledge }) };
    },
    run: async (world, given) => (await openedRun(world, appKey, ROTATOR, given)).go(),
    violations: () => [
      ...(inGithub(atHq) ? [] : ['hq has a key that GitHub does not know']),
      ...(inGithub(current()) ? [] : ['the key in escrow is one that GitHub does not know']),
    ],
    judgeEnd: () =>
      expected({
        'one key is left': app.keys.size === 1 && app.keys.has(made.fingerprint),
        'escrow has it': current() === made.pem,
        'hq has it': atHq === made.pem,
        'nothing waits': settled(at, APP_KEY),
        'what others own is as it was': ownedByOthers(at),
      }),
    close: at.close,
  };
}
