import { createPublicKey, verify } from 'node:crypto';
import { expect } from '@jest/globals';
import { iamAccessKeys } from '@tenant-delivery/aws/iam/access-keys';
import { iamRoles } from '@tenant-delivery/aws/iam/roles';
import { userKeys } from '@tenant-delivery/aws/iam/user-keys';
import { kmsReads } from '@tenant-delivery/aws/kms/found-keys';
import { kmsSigner } from '@tenant-delivery/aws/kms/signer';
import { callerIdentity } from '@tenant-delivery/aws/session/caller-identity';
import { ACCOUNT, type Double, type Promised, until } from '../../stage/a-double.ts';
import { groundOf, TRUST } from './ground.ts';

const masker = { mask() {} };
const keysOf = (double: Double, user: string) =>
  iamAccessKeys(double.config, double.once, { account: ACCOUNT, user, masker });

/** Who signs, who asks, and the keys of users. */
export const keysSuite: readonly Promised[] = [
  {
    promise: 'a key of KMS signs what its public half verifies',
    keep: async (double) => {
      const key = await double.signingKey();
      const signer = await kmsSigner(double.config, { key, duty: 'deploy' });
      const bytes = Buffer.from('a document');
      const signature = await signer.sign(bytes);
      const spki = Buffer.from(await kmsReads(double.config).publicKey(key));
      const half = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      expect(verify('sha256', bytes, half, signature)).toBe(true);
      expect(verify('sha256', Buffer.from('another'), half, signature)).toBe(false);
    },
  },
  {
    promise: 'a key that is not there is refused by name',
    keep: async ({ config }) => {
      const signing = kmsSigner(config, { key: 'alias/none', duty: 'deploy' });
      await expect(signing).rejects.toMatchObject({
        code: 'AWS_REFUSED',
        message: expect.stringContaining('kms:GetPublicKey'),
      });
    },
  },
  {
    promise: 'a caller is told by account and ARN',
    keep: async ({ session }) => {
      const { account, partition } = await callerIdentity(session, 'report');
      expect({ account, partition }).toEqual({ account: ACCOUNT, partition: 'aws' });
    },
  },
  {
    promise: 'a role is told with whom it trusts',
    keep: async (double) => {
      await groundOf(double);
      const role = iamRoles(double.config);
      expect(await role('ground-task')).toMatchObject({ trust: TRUST });
      expect(await role('nobody')).toBeUndefined();
    },
  },
  {
    promise: 'a user whose keys rotate is found by its path',
    keep: async (double) => {
      await double.user('suite-found', '/td-rotatable/');
      await double.user('suite-other', '/');
      const { users, keysOf } = userKeys(double.config);
      const arn = `arn:aws:iam::${ACCOUNT}:user/td-rotatable/suite-found`;
      const found = await until(double, async () =>
        (await users()).find(({ name }) => name === 'td-rotatable/suite-found'),
      );
      expect(found.arn).toBe(arn);
      expect((await users()).map(({ arn }) => arn)).not.toContainEqual(
        expect.stringContaining('suite-other'),
      );
      expect(await keysOf('td-rotatable/suite-found')).toEqual([]);
    },
  },
  {
    promise: 'an access key is made, put to rest and deleted, and a user has two at most',
    keep: async (double) => {
      await double.user('suite-keys', '/td-rotatable/');
      const keys = keysOf(double, 'suite-keys');
      const made = [await keys.create(), await keys.create()];
      const ids = made.map((key) => Object(key).id).sort();
      expect(await keys.create()).toEqual({ refused: expect.any(String), limit: true });
      const list = await until(double, async () => {
        const seen = await keys.list();
        return seen.length === 2 ? seen : undefined;
      });
      expect(list.map(({ id }) => id).sort()).toEqual(ids);
      expect(await keys.lastUse(ids[0])).toBe('never');
      expect(await keys.setStatus(ids[0], 'Inactive')).toBe('done');
      await until(double, async () => (await keys.list()).find(({ status }) => status === 'Inactive'));
      for (const id of ids) expect(await keys.delete(id)).toBe('done');
      expect(await keys.delete(ids[0])).toBe('done');
      await until(double, async () => (await keys.list()).length === 0 || undefined);
    },
  },
  {
    promise: 'a user who is not there is told so',
    keep: async (double) => {
      const nobody = keysOf(double, 'nobody');
      expect(await nobody.user()).toBeUndefined();
      expect(await nobody.create()).toEqual({ refused: expect.any(String) });
    },
  },
];
