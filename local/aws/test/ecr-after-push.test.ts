import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImageReplicationStatusCommand,
  DescribeImageScanFindingsCommand,
  DescribeImageSigningStatusCommand,
  DescribeImagesCommand,
  DescribeRegistryCommand,
  ECRClient,
  GetLifecyclePolicyPreviewCommand,
  GetSigningConfigurationCommand,
  ListImageReferrersCommand,
  PutLifecyclePolicyCommand,
  PutSigningConfigurationCommand,
  StartImageScanCommand,
  StartLifecyclePolicyPreviewCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { putEncryptionKey } from '../src/kms/encryption-keys.ts';
import { putManifest } from '../src/registry/put-manifest.ts';
import {
  ecrState,
  replicationOf,
  scriptReplication,
  scriptSigning,
  seedBaseImages,
  seedRepository,
} from '../src/services/ecr.ts';
import { putRole } from '../src/services/iam.ts';
import { type ManualClock, manualClock } from '../src/world/manual-clock.ts';
import { pushImage } from './an-image.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '000011112222';
const PROFILE = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/acme`;
const DAY = 24 * 3_600_000;

let aws: LocalAws;
let clock: ManualClock;
let ecr: ECRClient;

beforeEach(async () => {
  clock = manualClock();
  aws = await startLocalAws({ clock });
  const credentials = aws.addAccount(ACCOUNT);
  ecr = new ECRClient({ region: REGION, endpoint: aws.url, credentials, maxAttempts: 1 });
  seedRepository(aws.world, ACCOUNT, REGION, 'acme/orders');
});

afterEach(async () => {
  ecr.destroy();
  await aws.close();
});

const push = (text: string) =>
  pushImage({ world: aws.world, account: ACCOUNT, region: REGION }, { '/app': text });
const of = (imageDigest: string) => ({ repositoryName: 'acme/orders', imageId: { imageDigest } });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof Error ? thrown.name : String(thrown)),
  );

describe('managed signing', () => {
  const statusOf = async (digest: string) => {
    const { signingStatuses = [] } = await ecr.send(new DescribeImageSigningStatusCommand(of(digest)));
    return signingStatuses.map(({ status, failureCode }) => failureCode ?? status);
  };
  const configure = (filter: string) =>
    ecr.send(
      new PutSigningConfigurationCommand({
        signingConfiguration: {
          rules: [
            { signingProfileArn: PROFILE, repositoryFilters: [{ filter, filterType: 'WILDCARD_MATCH' }] },
          ],
        },
      }),
    );

  it('signs what is pushed after it was set up, and keeps the signature as a document about the image', async () => {
    expect(await refusal(ecr.send(new GetSigningConfigurationCommand({})))).toBe(
      'SigningConfigurationNotFoundException',
    );
    const before = await push('before');
    await configure('acme/*');
    const digest = await push('after');
    expect([await statusOf(before), await statusOf(digest)]).toEqual([[], ['IN_PROGRESS']]);
    await clock.advance(5_000);
    expect(await statusOf(digest)).toEqual(['COMPLETE']);
    const { referrers } = await ecr.send(
      new ListImageReferrersCommand({ repositoryName: 'acme/orders', subjectId: { imageDigest: digest } }),
    );
    expect(referrers).toMatchObject([
      { artifactType: 'application/vnd.cncf.notary.signature', artifactStatus: 'ACTIVE' },
    ]);
    await configure('other/*');
    expect(await statusOf(await push('elsewhere'))).toEqual([]);
  });

  it('fails for a pusher that may not sign with the profile, and says what a script says', async () => {
    await configure('acme/*');
    const digest = await push('x');
    const repository = seedRepository(aws.world, ACCOUNT, REGION, 'acme/orders');
    const { mediaType, text } = repository.manifests[digest] ?? { mediaType: '', text: '' };
    const role = (policies: Parameters<typeof putRole>[2]['policies']) => {
      const common = { path: '/', description: '', tags: {}, maxSessionDuration: 3600, partition: 'aws' };
      const trust = { Version: '2012-10-17', Statement: [] };
      putRole(aws.world, ACCOUNT, { ...common, name: 'builder', trust, policies });
    };
    const pushAs = async () => {
      delete repository.manifests[digest];
      const pusher = { account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/builder/1` };
      putManifest(aws.world, repository, digest, mediaType, Buffer.from(text), pusher);
      await clock.advance(5_000);
      return statusOf(digest);
    };
    role({});
    expect(await pushAs()).toEqual(['ACCESS_DENIED']);
    const Statement = [{ Effect: 'Allow' as const, Action: 'signer:SignPayload', Resource: PROFILE }];
    role({ sign: { Version: '2012-10-17', Statement } });
    expect(await pushAs()).toEqual(['COMPLETE']);
    scriptSigning(aws.world, ACCOUNT, digest, [
      { kind: 'rows', rows: [{ status: 'RETRYING' }] },
      { kind: 'as-it-is' },
    ]);
    expect([await statusOf(digest), await statusOf(digest)]).toEqual([['RETRYING'], ['COMPLETE']]);
  });
});

describe('replication', () => {
  it('is described by its rules, takes every child of an index, and copies only what its filters name', async () => {
    Object.assign(replicationOf(aws.world, ACCOUNT, REGION), { prefixes: ['base/'] });
    replicationOf(aws.world, ACCOUNT, REGION).regions.push('eu-central-1');
    const { current } = await seedBaseImages(aws.world, ACCOUNT, REGION);
    const other = await push('x');
    const rows = async (repositoryName: string, imageDigest: string) => {
      const asked = { repositoryName, imageId: { imageDigest } };
      const { replicationStatuses = [] } = await ecr.send(new DescribeImageReplicationStatusCommand(asked));
      return replicationStatuses.map(({ status }) => status);
    };
    const { replicationConfiguration } = await ecr.send(new DescribeRegistryCommand({}));
    expect(replicationConfiguration?.rules).toEqual([
      {
        destinations: [{ region: 'eu-central-1', registryId: ACCOUNT }],
        repositoryFilters: [{ filter: 'base/', filterType: 'PREFIX_MATCH' }],
      },
    ]);
    const { images = [] } = await ecr.send(
      new BatchGetImageCommand({ repositoryName: 'base/node', imageIds: [{ imageDigest: current }] }),
    );
    const [child] = JSON.parse(images[0]?.imageManifest ?? '').manifests;
    expect(await rows('base/node', child.digest)).toEqual(['IN_PROGRESS']);
    await clock.advance(30_000);
    expect(await rows('base/node', child.digest)).toEqual(['COMPLETE']);
    expect(await rows('acme/orders', other)).toEqual([]);
    scriptReplication(aws.world, ACCOUNT, current, [
      { kind: 'rows', rows: [{ region: 'eu-central-1', registryId: ACCOUNT, status: 'STALLED' }] },
    ]);
    expect(await rows('base/node', current)).toEqual(['STALLED']);
  });
});

describe('a repository', () => {
  it('is created with what was asked for, once, and never with settings that ECR refuses', async () => {
    const { arn: kmsKey } = putEncryptionKey(aws.world, ACCOUNT, REGION, 'alias/registry');
    const settings = {
      repositoryName: 'acme/new',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const,
      imageTagMutabilityExclusionFilters: [{ filter: 'sha256-*', filterType: 'WILDCARD' as const }],
      encryptionConfiguration: { encryptionType: 'KMS' as const, kmsKey },
    };
    const { repository } = await ecr.send(new CreateRepositoryCommand(settings));
    expect(repository).toMatchObject({ registryId: ACCOUNT, ...settings });
    expect(await refusal(ecr.send(new CreateRepositoryCommand(settings)))).toBe(
      'RepositoryAlreadyExistsException',
    );
    const { imageTagMutability: _, ...wrong } = settings;
    expect(
      await refusal(ecr.send(new CreateRepositoryCommand({ ...wrong, repositoryName: 'acme/other' }))),
    ).toBe('InvalidParameterException');
    expect(ecrState(aws.world, ACCOUNT, REGION).repositories['acme/other']).toBeUndefined();
  });

  it('previews what its lifecycle policy would expire, sparing the members of an index', async () => {
    const old = await push('old');
    await clock.advance(20 * DAY);
    const young = await push('young');
    const { current } = await seedBaseImages(aws.world, ACCOUNT, REGION);
    const policy = (selection: object) =>
      JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });
    const repositoryName = 'acme/orders';
    const preview = async (name: string, lifecyclePolicyText?: string) => {
      const given = { repositoryName: name, ...(lifecyclePolicyText && { lifecyclePolicyText }) };
      const { status } = await ecr.send(new StartLifecyclePolicyPreviewCommand(given));
      expect(status).toBe('IN_PROGRESS');
      await clock.advance(6_000);
      const said = await ecr.send(new GetLifecyclePolicyPreviewCommand({ repositoryName: name }));
      return [
        said.status,
        said.summary?.expiringImageTotalCount,
        said.previewResults?.map((row) => row.imageDigest),
      ];
    };
    expect(await refusal(ecr.send(new GetLifecyclePolicyPreviewCommand({ repositoryName })))).toBe(
      'LifecyclePolicyPreviewNotFoundException',
    );
    expect(await refusal(ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName })))).toBe(
      'LifecyclePolicyNotFoundException',
    );
    const aged = { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 };
    await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: policy(aged) }));
    expect(await preview(repositoryName)).toEqual(['COMPLETE', 1, [old]]);
    const one = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 };
    expect(await preview(repositoryName, policy(one))).toEqual(['COMPLETE', 1, [old]]);
    await clock.advance(2 * DAY);
    const all = { ...aged, countNumber: 1 };
    expect(await preview(repositoryName, policy(all))).toEqual(['COMPLETE', 2, [young, old]]);
    const [, , base] = await preview('base/node', policy(all));
    expect(base).toContain(current);
    expect(base).toHaveLength(2); // two indexes; their four children stay with them
  });

  it('gives and inspects no archived image until it is restored', async () => {
    const digest = await push('x');
    const move = (targetStorageClass: 'ARCHIVE' | 'STANDARD') =>
      ecr.send(new UpdateImageStorageClassCommand({ ...of(digest), targetStorageClass }));
    const listed = async () => {
      const { imageDetails = [] } = await ecr.send(
        new DescribeImagesCommand({ repositoryName: 'acme/orders' }),
      );
      return imageDetails.map(({ imageStatus }) => imageStatus);
    };
    expect((await move('ARCHIVE')).imageStatus).toBe('ARCHIVED');
    expect(await listed()).toEqual([]);
    const scan = await ecr.send(new DescribeImageScanFindingsCommand(of(digest)));
    expect(scan.imageScanStatus?.status).toBe('IMAGE_ARCHIVED');
    expect(await refusal(ecr.send(new StartImageScanCommand(of(digest))))).toBe('ImageArchivedException');
    expect((await move('STANDARD')).imageStatus).toBe('ACTIVATING');
    await clock.advance(30 * 60_000);
    expect(await listed()).toEqual(['ACTIVE']);
  });
});
