import { generateKeyPairSync } from 'node:crypto';
import { managedPoliciesOf } from '@tenant-delivery/local-aws/iam/state';
import type { PolicyDocument } from '@tenant-delivery/local-aws/policy/document';
import { bucketsOf } from '@tenant-delivery/local-aws/s3/state';
import { ec2Of } from '@tenant-delivery/local-aws/services/ec2';
import { iamOf, type Role } from '@tenant-delivery/local-aws/services/iam';
import { kmsOf } from '@tenant-delivery/local-aws/services/kms';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { ORDERS } from '../acme.ts';
import { type Breakage, put } from './breakage.ts';

const { account, region } = ORDERS;
const VAULT = `td-vault-acme-prod-${account}`;

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

/** The foundation: roles, keys, the vault. */
export const OF_THE_FOUNDATION: readonly Breakage[] = [
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
