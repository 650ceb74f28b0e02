import { canonicalJson, DAY } from '@tenant-delivery/domain';
import type { AccessKey, KeyCreation, LastUse } from '../src/iam-access-key/ports.ts';
import type { CacheRule } from '../src/pull-through/ports.ts';
import type { ReportedCredential } from '../src/report/credentials.ts';
import type { SeenDeployKey, SeenSecret } from '../src/report/ports.ts';
import type { ReportWorld } from '../src/report/world.ts';
import { ACCOUNT, START } from './iam-access-key/model-state.ts';

/** What AWS, GitHub and the vault hold. */
export interface Holdings {
  readonly users: Record<
    string,
    { readonly keys: readonly AccessKey[]; readonly tags?: Record<string, string> }
  >;
  readonly uses: Record<string, LastUse>;
  readonly creations: Record<string, KeyCreation>;
  readonly secrets: Record<string, Partial<SeenSecret> & { readonly putAt?: number }>;
  readonly rules: readonly CacheRule[];
  readonly deployKeys: Record<string, readonly SeenDeployKey[]>;
  readonly journal: Record<string, unknown>;
}

export const EMPTY: Holdings = {
  users: {},
  uses: {},
  creations: {},
  secrets: {},
  rules: [],
  deployKeys: {},
  journal: {},
};

/** A world whose questions named in `broken` fail. Counts what was asked in `asked`. */
export function reportWorld(
  holdings: Holdings,
  now = START,
  broken: readonly string[] = [],
): ReportWorld & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const ask = async <T>(what: string, answer: () => T): Promise<T> => {
    asked.push(what);
    if (broken.includes(what)) throw new Error(`${what} was denied`);
    return answer();
  };
  const { users, uses, creations, secrets, rules, deployKeys, journal } = holdings;
  const secretOf = (name: string): SeenSecret | undefined => {
    const given = secrets[name];
    return (
      given && {
        name,
        arn: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${name}-aB3xYz`,
        deletedAt: undefined,
        versions: { v1: ['AWSCURRENT'] },
        tags: {},
        ...given,
      }
    );
  };
  return {
    asked,
    account: ACCOUNT,
    environment: 'prod',
    time: { now: () => now },
    clean: (text) => text,
    vault: {
      list: (prefix) =>
        ask(`list ${prefix}`, () =>
          Object.keys(journal)
            .filter((key) => key.startsWith(prefix))
            .sort(),
        ),
      read: (key) =>
        ask(`read ${key}`, () =>
          journal[key] === undefined
            ? undefined
            : { bytes: Buffer.from(canonicalJson(journal[key] as never)), version: '1' },
        ),
    },
    keys: {
      users: () =>
        ask('ListUsers', () =>
          Object.keys(users).map((name) => ({ name, arn: `arn:aws:iam::${ACCOUNT}:user/${name}` })),
        ),
      tagsOf: (user) => ask('ListUserTags', () => users[user]?.tags ?? {}),
      keysOf: (user) => ask(`ListAccessKeys ${user}`, () => users[user]?.keys ?? []),
      lastUse: (id) => ask('GetAccessKeyLastUsed', () => uses[id] ?? 'never'),
      creation: (id) => ask('LookupEvents', () => creations[id]),
    },
    secrets: {
      below: (prefix) =>
        ask(`ListSecrets ${prefix}`, () =>
          Object.keys(secrets).flatMap((name) => (name.startsWith(prefix) ? (secretOf(name) ?? []) : [])),
        ),
      find: (name) => ask(`DescribeSecret ${name}`, () => secretOf(name)),
      versionDates: (name) =>
        ask(`ListSecretVersionIds ${name}`, () => {
          const at = secrets[name]?.putAt;
          return at === undefined ? {} : { v1: at };
        }),
    },
    rules: { list: () => ask('DescribePullThroughCacheRules', () => rules) },
    deployKeys: { keysOf: (repository) => ask('keys', () => deployKeys[repository] ?? 'absent') },
  };
}

export const PLACE = {
  tenant: 'acme',
  environment: 'prod',
  account: ACCOUNT,
  region: 'eu-west-1',
  owner: ['sre-gold'],
  appKey: undefined,
} as const;

const slots = { id: 'github:acme/legacy:AWS_KEY', switching: 'staged', cadence: DAY / 4 } as const;
export const people = { id: 'external:hq', switching: 'acknowledged', cadence: DAY / 4 } as const;

/** One of each kind, all of the default ages. */
export const AGREED = {
  key: {
    id: 'ci-legacy',
    kind: 'iam-access-key',
    user: 'td-rotatable/acme-ci',
    escrow: 'td/rotation/acme-ci',
    consumers: [slots, people],
  },
  secret: {
    id: 'orders-db',
    kind: 'secrets-manager',
    secret: 'td/prod/orders-db',
    strategy: 'provider-set',
    consumers: [],
  },
  rule: {
    id: 'hub',
    kind: 'pull-through',
    secret: 'ecr-pullthroughcache/hub',
    prefix: 'hub',
    consumers: [],
  },
  deployKey: {
    id: 'docs',
    kind: 'github-deploy-key',
    repository: 'acme/docs',
    escrow: 'td/rotation/docs',
    consumers: [slots],
  },
  app: {
    id: 'rotator',
    kind: 'github-app-key',
    app: 77,
    escrow: 'td/rotation/github-app',
    consumers: [people],
  },
  vpn: {
    id: 'hq-vpn',
    kind: 'vpn-psk',
    vpn: 'vpn-0a1b2c3d',
    peer: '203.0.113.10',
    escrow: 'td/rotation/vpn',
    consumers: [],
  },
} as const satisfies Record<string, ReportedCredential>;

/** Everything that the contract names is there and as old as `age`, and nothing else. */
export function whole(age: number, now = START): Holdings {
  const putAt = now - age;
  return {
    ...EMPTY,
    users: {
      'td-rotatable/acme-ci': { keys: [{ id: 'AKIAONE', status: 'Active', createdAt: putAt }] },
    },
    uses: { AKIAONE: { at: now - DAY, service: 's3', region: 'eu-west-1' } },
    secrets: {
      'td/rotation/acme-ci': { putAt },
      'td/rotation/docs': { putAt },
      'td/rotation/github-app': { putAt },
      'td/rotation/vpn': { putAt },
      'td/prod/orders-db': { putAt },
      'ecr-pullthroughcache/hub': { putAt },
    },
    rules: [
      {
        prefix: 'hub',
        upstream: 'registry-1.docker.io',
        credential: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:ecr-pullthroughcache/hub-aB3xYz`,
      },
      { prefix: 'k8s', upstream: 'registry.k8s.io', credential: undefined },
    ],
    deployKeys: {
      'acme/docs': [
        { id: 1, title: 'td-rotation/docs/0001', createdAt: putAt, lastUsedAt: now - DAY, readOnly: true },
      ],
    },
    journal: journalOf('hq-vpn', 1, [putAt, 'opened'], [putAt + DAY, 'closed']),
  };
}

/** The entries of a generation, each with its time and what it says. */
export function journalOf(
  credential: string,
  generation: number,
  ...entries: readonly (readonly [at: number, kind: string, more?: object])[]
): Record<string, unknown> {
  const folder = `rotation/${credential}/${String(generation).padStart(4, '0')}`;
  return Object.fromEntries(
    entries.map(([at, kind, more], seq) => [
      `${folder}/${String(seq).padStart(4, '0')}.json`,
      {
        schemaVersion: 1,
        credential,
        generation,
        seq,
        prev: null,
        at: new Date(at).toISOString(),
        by: { run: '1', attempt: 1, actor: 'a', commit: 'c', process: 'p' },
        fact: { kind, ...more },
      },
    ]),
  );
}
