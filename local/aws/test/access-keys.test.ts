import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { keyDelays, seedAccessKey, seedUser, usersOf } from '../src/services/iam.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import { ACME, type Keys, REGION, refusal } from './acme.ts';

const clock = manualClock();
let aws: LocalAws;
let iam: IAMClient;
const as = (credentials: Keys) => ({ endpoint: aws.url, region: REGION, credentials, maxAttempts: 1 });
beforeAll(async () => {
  aws = await startLocalAws({ clock, runtime: 'simulated' });
  iam = new IAMClient(as(aws.addAccount(ACME)));
});
afterAll(() => aws.close());

/** A user with one old key, and what tests ask of both. */
function user(name: string) {
  const seeded = seedUser(aws.world, ACME, { name, path: '/td-rotatable/', tags: { tenant: 'acme' } });
  const old = seedAccessKey(aws.world, ACME, seeded);
  return {
    old,
    create: async (): Promise<Keys> => {
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      return {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      };
    },
    listed: async () => {
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: name }));
      return AccessKeyMetadata?.map(({ Status }) => Status);
    },
    set: (AccessKeyId: string, Status: 'Active' | 'Inactive') =>
      iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId, Status })),
    delete: (AccessKeyId: string) => iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId })),
  };
}

const whoIs = (keys: Keys) => new STSClient(as(keys)).send(new GetCallerIdentityCommand({}));
const lastUsed = async ({ accessKeyId }: Keys) => {
  const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }));
  return answer.AccessKeyLastUsed;
};
const minutes = (count: number) => clock.advance(count * 60_000);

describe('an access key of a user', () => {
  it('signs for its user in its own account, some seconds after it was made', async () => {
    const made = await user('late').create();
    expect(await refusal(whoIs(made))).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    await clock.advance(keyDelays(aws.world).usable);
    expect(await whoIs(made)).toMatchObject({
      Account: ACME,
      Arn: `arn:aws:iam::${ACME}:user/td-rotatable/late`,
      UserId: usersOf(aws.world, ACME)['late']?.id,
    });
  });

  it('is one of two: a third is refused, also while the list does not show the second yet', async () => {
    const of = user('two');
    await of.create();
    expect(await of.listed()).toEqual(['Active']);
    expect(await refusal(of.create())).toMatchObject({ name: 'LimitExceededException', status: 409 });
    await clock.advance(keyDelays(aws.world).listed);
    expect(await of.listed()).toEqual(['Active', 'Active']);
  });

  it('fails once it was disabled or deleted, not at that very moment, and works again when enabled', async () => {
    const of = user('off');
    await of.set(of.old.accessKeyId, 'Inactive');
    await whoIs(of.old);
    await clock.advance(keyDelays(aws.world).changed);
    expect(await refusal(whoIs(of.old))).toMatchObject({ name: 'InvalidClientTokenId' });
    expect(await of.listed()).toEqual(['Inactive']);
    await of.set(of.old.accessKeyId, 'Active');
    await clock.advance(keyDelays(aws.world).changed);
    await whoIs(of.old);
    await of.delete(of.old.accessKeyId);
    await clock.advance(keyDelays(aws.world).changed);
    expect(await refusal(whoIs(of.old))).toMatchObject({ name: 'InvalidClientTokenId' });
    expect(await of.listed()).toEqual([]);
    expect(await refusal(of.set(of.old.accessKeyId, 'Active'))).toMatchObject({
      name: 'NoSuchEntityException',
      status: 404,
    });
  });

  it('was last used when a use was written down: late, and none within fifteen minutes of another', async () => {
    const { old } = user('used');
    expect(await lastUsed(old)).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    const first = clock.date();
    await whoIs(old);
    expect(await lastUsed(old)).toMatchObject({ ServiceName: 'N/A' });
    await minutes(10);
    await whoIs(old);
    expect(await lastUsed(old)).toEqual({ ServiceName: 'sts', Region: REGION, LastUsedDate: first });
    await minutes(10);
    expect(await lastUsed(old)).toMatchObject({ LastUsedDate: first });
    await whoIs(old);
    const third = clock.date();
    await minutes(10);
    expect(await lastUsed(old)).toMatchObject({ LastUsedDate: third });
  });

  it('that is not there has no last use that anybody may ask about', async () => {
    const absent = lastUsed({ accessKeyId: 'AKIANOBODYATALL0', secretAccessKey: '' });
    expect(await refusal(absent)).toMatchObject({ name: 'AccessDenied', status: 403 });
  });
});

describe('a user', () => {
  it('is described with its path and tags, and keeps the tags that are added', async () => {
    user('tagged');
    await iam.send(new TagUserCommand({ UserName: 'tagged', Tags: [{ Key: 'td:phase', Value: 'drain' }] }));
    const { User } = await iam.send(new GetUserCommand({ UserName: 'tagged' }));
    expect(User).toMatchObject({ Path: '/td-rotatable/', UserName: 'tagged' });
    const { Tags, Marker } = await iam.send(new ListUserTagsCommand({ UserName: 'tagged', MaxItems: 1 }));
    expect(Tags).toEqual([{ Key: 'tenant', Value: 'acme' }]);
    const next = await iam.send(new ListUserTagsCommand({ UserName: 'tagged', Marker: Marker ?? '' }));
    expect(next).toMatchObject({ Tags: [{ Key: 'td:phase', Value: 'drain' }], IsTruncated: false });
    expect(await refusal(iam.send(new GetUserCommand({ UserName: 'nobody' })))).toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});
