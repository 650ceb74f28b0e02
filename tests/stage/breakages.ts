import { generateKeyPairSync } from 'node:crypto';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { managedPoliciesOf } from '@tenant-delivery/local-aws/iam/state';
import { logStore } from '@tenant-delivery/local-aws/logs/state';
import type { PolicyDocument } from '@tenant-delivery/local-aws/policy/document';
import { bucketsOf } from '@tenant-delivery/local-aws/s3/state';
import { scalableTargetsOf } from '@tenant-delivery/local-aws/services/application-autoscaling';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { iamOf, type Role } from '@tenant-delivery/local-aws/services/iam';
import { kmsOf } from '@tenant-delivery/local-aws/services/kms';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { ORDERS } from './acme.ts';

/** Something in acme's production that somebody changed by hand. */
export interface Breakage {
  readonly what: string;
  /** Breaks it, and answers how to mend it again. */
  readonly breaks: (platform: LocalPlatform) => () => void;
  /** The lines that turn wrong, each with a part of the command that mends it. */
  readonly wrong: Readonly<Record<string, string>>;
  /** Lines that can't be seen any more. */
  readonly unknown?: readonly string[];
}

const { account, region } = ORDERS;
const VAULT = `td-vault-acme-prod-${account}`;

/** Puts something else into a record for a while. `undefined` takes it away. */
function put<T>(record: Record<string, T>, name: string, other: (own: T) => T | undefined): () => void {
  const key = Object.keys(record).find((one) => one === name || one.split('/').includes(name)) ?? name; // an ARN ends with an id
  const own = record[key];
  if (own === undefined) throw new Error(`there is no ${name}`);
  const changed = other(own);
  if (changed === undefined) delete record[key];
  else record[key] = changed;
  return () => {
    record[key] = own;
  };
}

const role =
  (name: string, other: (own: Role) => Role | undefined) =>
  ({ aws }: LocalPlatform) =>
    put(iamOf(aws.world, account).roles, name, other);
const vault =
  (other: (own: ReturnType<typeof bucketsOf>[string]) => ReturnType<typeof bucketsOf>[string]) =>
  ({ aws }: LocalPlatform) =>
    put(bucketsOf(aws.world), VAULT, other);
const key =
  (duty: string, other: (own: ReturnType<typeof kmsOf>['keys'][string]) => typeof own | undefined) =>
  ({ aws }: LocalPlatform) => {
    const { keys } = kmsOf(aws.world, account, region);
    const found = Object.values(keys).find(({ alias }) => alias === `alias/td/prod/${duty}`);
    return put(keys, found?.id ?? '', other);
  };
const environment = (name: string, settings: object) => (platform: LocalPlatform) => {
  const { environments } = repositoryNamed(platform.github.world, 'acme/orders');
  const own = environments.get(name);
  if (!own) throw new Error(`there is no ${name}`);
  environments.set(name, { ...own, ...settings });
  return () => void environments.set(name, own);
};
const ecsTags = (arn: string) => (platform: LocalPlatform) =>
  put(ecsStore(platform.aws.world, account, region).tags, arn, (own) => ({ ...own, [TAG]: 'globex/prod' }));
const TAG = 'tenant-delivery:contract';

const loosened = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  Statement: [policy.Statement]
    .flat()
    .map((statement, at) => (at === 0 ? { ...statement, Condition: {} } : statement)),
});
const more: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'More', Effect: 'Allow', Action: '*', Resource: '*' }],
};
const ofAws: readonly Breakage[] = [
  {
    what: 'the OIDC provider is gone',
    breaks: ({ aws }) =>
      put(iamOf(aws.world, account).oidcProviders, 'token.actions.githubusercontent.com', () => undefined),
    wrong: { 'oidc-provider': 'aws iam create-open-id-connect-provider --url https://token' },
  },
  {
    what: 'the OIDC provider takes another audience',
    breaks: ({ aws }) =>
      put(iamOf(aws.world, account).oidcProviders, 'token.actions.githubusercontent.com', (own) => ({
        ...own,
        audiences: ['else'],
      })),
    wrong: { 'oidc-provider': 'aws iam add-client-id-to-open-id-connect-provider' },
  },
  {
    what: 'a role is gone',
    breaks: role('td-prod-gate', () => undefined),
    wrong: { 'role/td-prod-gate': 'aws iam create-role --role-name td-prod-gate --path /td/prod/' },
  },
  {
    what: 'a role is gone, and the account has no room for another',
    breaks: (platform) => {
      const { roles } = iamOf(platform.aws.world, account);
      const gone = role('td-prod-gate', () => undefined)(platform);
      const [any] = Object.values(roles);
      const others = Array.from({ length: 1_000 }, (_, at) => `other-${at}`);
      if (any) for (const name of others) roles[name] = { ...any, name };
      return () => {
        for (const name of others) delete roles[name];
        gone();
      };
    },
    wrong: {
      'role/td-prod-gate': 'aws iam create-role',
      'iam-quotas': 'aws service-quotas request-service-quota-increase',
    },
  },
  {
    what: 'all addresses that the account may have are taken',
    breaks: ({ aws }) => {
      const { addresses } = ec2Of(aws.world, account, region);
      const others = Array.from({ length: 5 }, (_, at) => `eipalloc-other${at}`);
      for (const id of others) addresses[id] = { id, ip: '198.51.100.7', tags: {} };
      return () => {
        for (const id of others) delete addresses[id];
      };
    },
    wrong: {
      'quota/addresses':
        'aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 10',
    },
  },
  {
    what: 'sessions of a role last longer',
    breaks: role('td-prod-deploy', (own) => ({ ...own, maxSessionDuration: 43_200 })),
    wrong: {
      'role/td-prod-deploy': 'aws iam update-role --role-name td-prod-deploy --max-session-duration 3600',
    },
  },
  {
    what: 'a trust has lost its conditions',
    breaks: role('td-prod-deploy', (own) => ({ ...own, trust: loosened(own.trust) })),
    wrong: { 'role/td-prod-deploy/trust': 'aws iam update-assume-role-policy --role-name td-prod-deploy' },
  },
  {
    what: 'a role may do more by a policy of its own',
    breaks: role('td-prod-build', (own) => ({ ...own, policies: { ...own.policies, extra: more } })),
    wrong: {
      'role/td-prod-build/policies':
        'aws iam delete-role-policy --role-name td-prod-build --policy-name extra',
    },
  },
  {
    what: 'a role may do more by a statement of an agreed policy',
    breaks: role('td-prod-build', (own) => ({
      ...own,
      policies: Object.fromEntries(Object.keys(own.policies).map((name) => [name, more])),
    })),
    wrong: { 'role/td-prod-build/policies': 'aws iam put-role-policy --role-name td-prod-build' },
  },
  {
    what: 'a role may do more by an attached policy',
    breaks: role('td-prod-evidence', (own) => ({
      ...own,
      attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    })),
    wrong: { 'role/td-prod-evidence/policies': 'aws iam detach-role-policy --role-name td-prod-evidence' },
  },
  {
    what: 'a role has lost its policy',
    breaks: role('td-prod-read', (own) => ({ ...own, policies: {} })),
    wrong: { 'role/td-prod-read/policies': 'aws iam put-role-policy --role-name td-prod-read' },
  },
  {
    what: 'the role for incidents has lost its boundary',
    breaks: role('td-prod-break-glass', ({ permissionsBoundary: _, ...own }) => own),
    wrong: {
      'role/td-prod-break-glass': 'aws iam put-role-permissions-boundary --role-name td-prod-break-glass',
    },
  },
  {
    what: 'what bounds the roles says something else',
    breaks: ({ aws }) =>
      put(
        managedPoliciesOf(aws.world, account),
        `arn:aws:iam::${account}:policy/td/prod/td-prod-boundary`,
        () => more,
      ),
    wrong: { 'boundary/td-prod-boundary': 'aws iam create-policy-version --set-as-default --policy-arn' },
  },
  {
    what: 'a key is off',
    breaks: key('rotate', (own) => ({ ...own, state: 'Disabled' })),
    wrong: { 'key/rotate': 'aws kms enable-key --region eu-west-1' },
    unknown: ['key/rotate/trust'], // KMS shows nobody the public half of a key that is off
  },
  {
    what: 'a key is gone',
    breaks: key('build', () => undefined),
    wrong: { 'key/build': 'aws kms create-alias --region eu-west-1 --alias-name alias/td/prod/build' },
  },
  {
    what: 'somebody else may sign with a key',
    breaks: key('gate', (own) => ({ ...own, policy: loosened(own.policy) })),
    wrong: { 'key/gate/policy': 'aws kms put-key-policy --region eu-west-1 --key-id arn:aws:kms' },
  },
  {
    what: 'another key is behind an alias',
    breaks: key('approve', (own) => ({
      ...own,
      privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    })),
    wrong: { 'key/approve/trust': 'Add the public half of alias/td/prod/approve' },
  },
  {
    what: 'the vault keeps no versions',
    breaks: vault((own) => ({ ...own, versioned: false })),
    wrong: { 'vault/versioning': `aws s3api put-bucket-versioning --region eu-west-1 --bucket ${VAULT}` },
  },
  {
    what: 'the vault has no lock',
    breaks: vault(({ lock: _, ...own }) => own),
    wrong: { 'vault/lock': 'aws s3api put-object-lock-configuration' },
  },
  {
    what: 'the vault holds for a shorter time and can be released',
    breaks: vault((own) => ({ ...own, lock: { mode: 'GOVERNANCE', days: 30 } })),
    wrong: { 'vault/lock': '"Mode":"COMPLIANCE","Days":2555' },
  },
  {
    what: 'the vault is open to the public',
    breaks: vault((own) => ({ ...own, publicAccess: 'open' })),
    wrong: { 'vault/public': 'aws s3api put-public-access-block' },
  },
  {
    what: 'the vault lets objects be deleted',
    breaks: vault((own) => ({
      ...own,
      policy: { ...(own.policy ?? more), Statement: [own.policy?.Statement ?? []].flat().slice(0, -1) },
    })),
    wrong: { 'vault/policy': 'aws s3api put-bucket-policy' },
  },
];

const ofWorkload: readonly Breakage[] = [
  {
    what: 'the cluster is gone, and every service with it',
    breaks: ({ aws }) => put(ecsStore(aws.world, account, region).clusters, 'acme-prod', () => undefined),
    wrong: { cluster: 'aws ecs create-cluster --region eu-west-1', 'service/orders': 'provision.yml' },
  },
  {
    what: 'a log group is gone',
    breaks: ({ aws }) =>
      put(logStore(aws.world, account, region).groups, '/td/acme/prod/orders', () => undefined),
    wrong: { 'service/orders/log-group': 'aws logs create-log-group --region eu-west-1' },
  },
  {
    what: 'the cluster is tagged for another tenant',
    breaks: ecsTags(`arn:aws:ecs:${region}:${account}:cluster/acme-prod`),
    wrong: { 'cluster/tags': 'aws ecs tag-resource --region eu-west-1' },
  },
  {
    what: 'a service is tagged for another tenant',
    breaks: ecsTags(`arn:aws:ecs:${region}:${account}:service/acme-prod/orders`),
    wrong: { 'service/orders/tags': 'tags key=tenant-delivery:contract,value=acme/prod' },
  },
  {
    what: 'a service is gone',
    breaks: ({ aws }) =>
      put(ecsStore(aws.world, account, region).services, 'acme-prod/orders', () => undefined),
    wrong: { 'service/orders': 'provision.yml' },
  },
  {
    what: 'the balancer faces the internet',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).balancers, 'acme-prod-internal', (own) => ({
        ...own,
        scheme: 'internet-facing' as const,
      })),
    wrong: { balancer: 'Make another one' },
  },
  {
    what: 'the balancer listens on another port',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).balancers, 'acme-prod-internal', (own) => ({
        ...own,
        listeners: own.listeners.map((listener) => ({ ...listener, port: 8443 })),
      })),
    wrong: { 'balancer/listener': 'provision.yml' },
  },
  {
    what: 'a target group is in another VPC',
    breaks: ({ aws }) =>
      put(balancerStore(aws.world, account, region).targetGroups, 'acme-prod-orders', (own) => ({
        ...own,
        vpcId: 'vpc-0other',
      })),
    wrong: { 'service/orders/target-group': 'Make another one' },
  },
  {
    what: 'a subnet is gone',
    breaks: ({ aws }) =>
      put(ec2Of(aws.world, account, region).subnets, 'subnet-0acme0edge0000002', () => undefined),
    wrong: { 'layer/edge': 'aws ec2 describe-subnets --region eu-west-1' },
  },
  {
    what: 'a service may run away',
    breaks: ({ aws }) =>
      put(scalableTargetsOf(aws.world, account, region), 'service/acme-prod/orders', (own) => ({
        ...own,
        maximum: 600,
      })),
    wrong: { 'service/orders/scaling': '--min-capacity 2 --max-capacity 6' },
  },
  {
    what: 'tags of images can be moved',
    breaks: ({ aws }) =>
      put(ecrState(aws.world, account, region).repositories, 'acme/orders', (own) => ({
        ...own,
        tagMutability: 'MUTABLE' as const,
      })),
    wrong: { 'service/orders/repository': 'aws ecr put-image-tag-mutability' },
  },
  {
    what: 'a repository is not tagged',
    breaks: ({ aws }) =>
      put(ecrState(aws.world, account, region).repositories, 'acme/orders', (own) => ({
        ...own,
        resourceTags: {},
      })),
    wrong: { 'service/orders/repository/tags': 'aws ecr tag-resource --region eu-west-1' },
  },
];

const SETTINGS = 'https://github.com/acme/orders/settings/environments';
const RULES = 'https://github.com/acme/orders/settings/rules';
type Rulesets = ReturnType<typeof repositoryNamed>['rulesets'];
const rulesets = (other: (own: Rulesets) => Rulesets) => (platform: LocalPlatform) => {
  const { rulesets } = repositoryNamed(platform.github.world, 'acme/orders');
  const own = rulesets.splice(0);
  rulesets.push(...other(own));
  return () => void rulesets.splice(0, Infinity, ...own);
};
const ofGithub: readonly Breakage[] = [
  {
    what: 'the approval environment lets people approve their own runs',
    breaks: environment('acme-prod-approval', { preventSelfReview: false }),
    wrong: { 'github/acme/orders/acme-prod-approval': SETTINGS },
  },
  {
    what: 'the agreed branch may not deploy any more',
    breaks: environment('acme-prod', { branchPolicy: { kind: 'custom', patterns: [] } }),
    wrong: { 'github/acme/orders/acme-prod': SETTINGS },
  },
  {
    what: 'the branches that deploy have no rules',
    breaks: rulesets(() => []),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'pull requests need no release gate',
    breaks: rulesets((own) =>
      own.map(({ made, ...each }) => ({ ...each, ...(made && { made: { ...made, checks: [] } }) })),
    ),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'a branch that deploys may be force-pushed',
    breaks: rulesets((own) => own.map((each) => ({ ...each, rules: ['deletion'] }))),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'another repository has the name',
    breaks: (platform) => {
      const repository = repositoryNamed(platform.github.world, 'acme/orders');
      const own = repository.id;
      Object.assign(repository, { id: 999_999 });
      return () => void Object.assign(repository, { id: own });
    },
    wrong: { 'github/acme/orders': 'correct repository and repositoryId' },
  },
  {
    what: 'every branch may deploy',
    breaks: environment('acme-prod', { branchPolicy: { kind: 'all' } }),
    wrong: { 'github/acme/orders/acme-prod': SETTINGS },
  },
];

export const BREAKAGES: readonly Breakage[] = [...ofAws, ...ofWorkload, ...ofGithub];
