import { createPublicKey } from 'node:crypto';
import { expect } from '@jest/globals';
import { accountReader } from '@tenant-delivery/aws/doctor/account-reader';
import { ACCOUNT, type Double, type Promised, REGION } from '../../stage/a-double.ts';
import { BUCKET, groundOf, KEY_POLICY, READS, TRUST } from './ground.ts';

async function accountOf(double: Double) {
  const ground = await groundOf(double);
  return { ...ground, account: accountReader(double.config, ACCOUNT) };
}

/** What doctor reads of an account. */
export const accountSuite: readonly Promised[] = [
  {
    promise: 'says whose account it is',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.account()).toBe(ACCOUNT);
    },
  },
  {
    promise: 'tells a role and whom it trusts, and none that is not there',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.role('ground-task')).toEqual({
        arn: `arn:aws:iam::${ACCOUNT}:role/td/prod/tasks/ground-task`,
        path: '/td/prod/tasks/',
        maxSessionDuration: 7200,
        trust: TRUST,
        boundary: undefined,
      });
      expect(await account.attachedPolicies('ground-task')).toEqual([]);
      expect(await account.role('nobody')).toBeUndefined();
      expect(await account.inlinePolicies('nobody')).toBeUndefined();
      expect(await account.attachedPolicies('nobody')).toBeUndefined();
      expect(await account.managedPolicy(`arn:aws:iam::${ACCOUNT}:policy/none`)).toBeUndefined();
    },
  },
  {
    promise: 'tells what the inline policies of a role allow',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.inlinePolicies('ground-task')).toEqual({ reads: READS });
    },
  },
  {
    promise: "tells IAM's quotas, and an identity provider that is not there",
    keep: async (double) => {
      const { account } = await accountOf(double);
      const { roles, trust, inline } = await account.quotas();
      expect(roles.used).toBeGreaterThan(0);
      expect(roles.most).toBeGreaterThan(roles.used);
      expect({ trust, inline }).toEqual({ trust: 2048, inline: 10240 });
      const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/none.example.com`;
      expect(await account.audiences(provider)).toBeUndefined();
    },
  },
  {
    promise: 'tells a key by its alias',
    keep: async (double) => {
      const { account, Key } = await accountOf(double);
      expect(await account.key('alias/ground')).toEqual(await account.key(Key));
      expect(await account.key('alias/none')).toBeUndefined();
    },
  },
  {
    promise: 'tells a key, its policy and its public half',
    keep: async (double) => {
      const { account } = await accountOf(double);
      const id = await double.signingKey();
      const key = await account.key(id);
      expect(key).toEqual({
        arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
        state: 'Enabled',
        spec: 'ECC_NIST_P256',
        usage: 'SIGN_VERIFY',
      });
      expect(await account.keyPolicy(key?.arn ?? '')).toEqual(KEY_POLICY);
      const spki = Buffer.from(await account.publicKey(key?.arn ?? ''));
      const { asymmetricKeyDetails } = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      expect(asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    },
  },
  {
    promise: 'tells that a bucket keeps versions',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.versioning(BUCKET)).toBe('Enabled');
    },
  },
  {
    promise: 'tells what a bucket does not have, and no bucket that is not there',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.lock(BUCKET)).toBeUndefined();
      expect(await account.bucketPolicy(BUCKET)).toBeUndefined();
      await expect(account.versioning(`${BUCKET}-none`)).rejects.toMatchObject({ code: 'AWS_REFUSED' });
    },
  },
  {
    promise: 'tells a new bucket to be shut to the public',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.shutToPublic(BUCKET)).toBe(true);
    },
  },
  {
    promise: 'tells a stack by its state, and none that is not there',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.stack('ground', REGION)).toBe('CREATE_COMPLETE');
      expect(await account.stack('none', REGION)).toBeUndefined();
    },
  },
  {
    promise: 'tells a cluster, and no service of it',
    keep: async (double) => {
      const { account } = await accountOf(double);
      const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/ground`;
      expect(await account.cluster('ground')).toEqual({ arn, status: 'ACTIVE' });
      expect(await account.cluster('none')).toBeUndefined();
      expect(await account.service('ground', 'none')).toBeUndefined();
      expect(await account.service('none', 'none')).toBeUndefined();
      expect(await account.range('ground', 'none')).toBeUndefined();
    },
  },
  {
    promise: 'tells that a cluster has no tags',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.tags(`arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/ground`)).toEqual({});
    },
  },
  {
    promise: 'tells a repository and whether its tags may move',
    keep: async (double) => {
      const { account } = await accountOf(double);
      const arn = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/ground/orders`;
      expect(await account.repository('ground/orders')).toEqual({ arn, immutable: true });
      expect(await account.tags(arn)).toEqual({ team: 'orders' });
      expect(await account.repository('ground/none')).toBeUndefined();
    },
  },
  {
    promise: 'tells a balancer and its listeners',
    keep: async (double) => {
      const { account, Vpc, Balancer } = await accountOf(double);
      expect(await account.balancer('ground-internal')).toMatchObject({
        arn: Balancer,
        scheme: 'internal',
        vpc: Vpc,
        state: 'active',
      });
      expect(await account.listenerPorts(Balancer)).toEqual([]);
      expect(await account.balancer('none')).toBeUndefined();
    },
  },
  {
    promise: 'tells a target group and subnets',
    keep: async (double) => {
      const { account, Vpc, Subnet, Group } = await accountOf(double);
      expect(await account.targetGroup('ground-orders')).toEqual({
        arn: Group,
        type: 'ip',
        vpc: Vpc,
        balancers: [],
      });
      const subnets = await account.subnets([Subnet, 'subnet-0123456789abcdef0']);
      expect(subnets).toEqual([
        { id: Subnet, vpc: Vpc, zoneId: expect.stringMatching(/^euw1-az[1-3]$/), free: expect.any(Number) },
      ]);
      expect(await account.targetGroup('none')).toBeUndefined();
    },
  },
  {
    promise: 'tells a log group by its whole name',
    keep: async (double) => {
      const { account } = await accountOf(double);
      expect(await account.logGroup('/ground/orders')).toBe(true);
      expect(await account.logGroup('/ground/order')).toBe(false);
    },
  },
];
