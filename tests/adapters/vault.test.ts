import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { bucketsOf } from '@tenant-delivery/local-aws/services/s3';
import type { Vault } from '@tenant-delivery/vault/ports';
import { acmeSandbox, type Sandbox } from '../stage/a-job.ts';

const BUCKET = 'td-vault-acme-prod-000011112222';
const OWNER = '000011112222';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await acmeSandbox();
});
afterAll(() => sandbox.close());

/** A vault in the tenant's bucket, under a folder of its own: the bucket forgets nothing between tests. */
function vaultUnder(folder: string, owner = OWNER, region = 'eu-west-1'): Vault {
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const base = { region, local: true, scale: 1000, userAgent: 'tests' };
  const config = clientConfig(base, async () => ({ accessKeyId, secretAccessKey }));
  const vault = s3Vault(config, BUCKET, owner);
  return {
    read: (key) => vault.read(`${folder}/${key}`),
    create: (key, bytes) => vault.create(`${folder}/${key}`, bytes),
    replace: (key, bytes, ifVersion) => vault.replace(`${folder}/${key}`, bytes, ifVersion),
    list: async (prefix, after, shape) =>
      (await vault.list(`${folder}/${prefix}`, after && `${folder}/${after}`, shape)).map((key) =>
        key.slice(folder.length + 1),
      ),
  };
}

describe('a vault in S3', () => {
  test('lists more keys than S3 gives in one page', async () => {
    const vault = vaultUnder('many');
    await vault.create('k/0000', Buffer.from('one of many'));
    const keys = Array.from({ length: 1003 }, (_, i) => `k/${String(i).padStart(4, '0')}`);
    const buckets = bucketsOf(sandbox.aws.world);
    const bucket = buckets[BUCKET];
    if (!bucket) throw new Error('the seed makes the vault');
    const versions = bucket.objects['many/k/0000'] ?? [];
    const more = Object.fromEntries(keys.map((key) => [`many/${key}`, versions]));
    buckets[BUCKET] = { ...bucket, objects: { ...bucket.objects, ...more } }; // its keys are sorted again
    expect(await vault.list('k/')).toEqual(keys);
    expect(await vault.list('k/', 'k/0000')).toEqual(keys.slice(1)); // the second page begins by its token
  });

  test('that is asked for in another region says so, and is never taken for an empty one', async () => {
    const vault = vaultUnder('elsewhere', OWNER, 'eu-west-2');
    const told = { code: 'REGION_MISMATCH', message: expect.stringContaining("expecting 'eu-west-1'") };
    await expect(vault.list('k/')).rejects.toMatchObject(told);
    await expect(vault.read('k')).rejects.toMatchObject(told);
    await expect(vault.create('k', Buffer.from('x'))).rejects.toMatchObject(told);
  });

  test('knows its own write again when only the answer was lost', async () => {
    const vault = vaultUnder('lost');
    sandbox.aws.fail({ service: 's3', operation: 'PutObject', nth: 1, kind: 'reset-after-effect' });
    const created = await vault.create('a', Buffer.from('mine'));
    expect(created).toEqual({ version: (await vault.read('a'))?.version });
    sandbox.aws.fail({ service: 's3', operation: 'PutObject', nth: 1, kind: 'reset-after-effect' });
    const replaced = await vault.replace('a', Buffer.from('mine again'), Object(created).version);
    expect(replaced).toEqual({ version: (await vault.read('a'))?.version });
    expect(await vault.create('a', Buffer.from('theirs'))).toBe('exists');
  });

  test('does not take a lost answer for its own write when somebody else wrote', async () => {
    const vault = vaultUnder('race');
    await vault.create('a', Buffer.from('theirs'));
    sandbox.aws.fail({ service: 's3', operation: 'PutObject', nth: 1, kind: 'server-error' });
    expect(await vault.create('a', Buffer.from('mine'))).toBe('exists');
  });

  test.each([
    ['a denial', 'denied', 'AWS_DENIED', 's3:GetObject'],
    ['an ended session', 'expired', 'AWS_SESSION_EXPIRED', 's3:GetObject'],
    ['an answer without content', 'empty-reply', 'AWS_EMPTY_REPLY', 'without the'],
    ['throttling without end', 'throttle', 'AWS_THROTTLED', 's3:GetObject'],
  ] as const)('never takes %s for an absent document', async (_, kind, code, says) => {
    const vault = vaultUnder(`fault-${kind}`);
    await vault.create('a', Buffer.from('there'));
    sandbox.aws.fail({
      service: 's3',
      operation: 'GetObject',
      nth: 1,
      times: kind === 'throttle' ? 16 : 1, // a minute of waiting takes no more tries
      kind,
    });
    await expect(vault.read('a')).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  test('speaks to no bucket of another account', async () => {
    await expect(vaultUnder('owner', '000033334444').read('a')).rejects.toMatchObject({ code: 'AWS_DENIED' });
  });
});
