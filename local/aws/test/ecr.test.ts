import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  BatchGetRepositoryScanningConfigurationCommand,
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetRegistryScanningConfigurationCommand,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { digestOf } from '../src/registry/digest.ts';
import { OCI_MANIFEST } from '../src/registry/manifest.ts';
import { putManifest } from '../src/registry/put-manifest.ts';
import { ecrState, scriptScan, seedBaseImages, seedRepository, seedScanning } from '../src/services/ecr.ts';
import { ageScan, pushImage, pushLayer } from './an-image.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '000011112222';
const SCALE = 0.1; // slow, so that a scan passes through its states only when a test makes it older

let aws: LocalAws;
let ecr: ECRClient;
let base: { readonly current: string; readonly old: string };

beforeEach(async () => {
  aws = await startLocalAws({ scale: SCALE });
  const credentials = aws.addAccount(ACCOUNT);
  ecr = new ECRClient({ region: REGION, endpoint: aws.url, credentials, maxAttempts: 1 });
  base = await seedBaseImages(aws.world, ACCOUNT, REGION);
  seedRepository(aws.world, ACCOUNT, REGION, 'acme/orders');
});

afterEach(async () => {
  ecr.destroy();
  await aws.close();
});

/** The digest of the amd64 image of a seeded index. */
async function child(index: string): Promise<string> {
  const got = await ecr.send(
    new BatchGetImageCommand({ repositoryName: 'base/node', imageIds: [{ imageDigest: index }] }),
  );
  return JSON.parse(got.images?.[0]?.imageManifest ?? '').manifests[0].digest;
}

const here = () => ({ world: aws.world, account: ACCOUNT, region: REGION });
const push = (files: Readonly<Record<string, string>>, over?: string) => pushImage(here(), files, over);

const findings = (imageDigest: string, repositoryName = 'acme/orders', page: object = {}) =>
  ecr.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageDigest }, ...page }));

const age = (digest: string, milliseconds: number, name?: string) =>
  ageScan(here(), digest, milliseconds, name);

/** What the scan says once it has ended. */
async function scanned(digest: string, repository?: string) {
  age(digest, 60_000, repository);
  return findings(digest, repository);
}

const named = (said: {
  imageScanFindings?: { findings?: { name?: string | undefined }[] | undefined } | undefined;
}) => (said.imageScanFindings?.findings ?? []).map((finding) => finding.name).sort();

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof Error ? thrown.name : 'no error'),
  );

describe('a scan', () => {
  it('begins with the push and passes through its states; only the end lists findings with a time', async () => {
    const digest = await push({ '/app': 'x' }, await child(base.old));
    const first = await findings(digest);
    expect(first.imageScanStatus?.status).toBe('PENDING');
    expect(first.imageScanFindings?.imageScanCompletedAt).toBeUndefined();
    age(digest, 2_000);
    expect((await findings(digest)).imageScanStatus?.status).toBe('IN_PROGRESS');
    const last = await scanned(digest);
    expect(last.imageScanStatus?.status).toBe('COMPLETE');
    expect(last.imageScanFindings?.imageScanCompletedAt).toBeInstanceOf(Date);
    expect(last.imageScanFindings?.findingSeverityCounts).toEqual({ HIGH: 2, MEDIUM: 1 });
  });

  it('finds the vulnerable package of the old base image, and nothing in the current one', async () => {
    const old = await scanned(await child(base.old), 'base/node');
    expect(named(old)).toEqual(['CVE-2023-5363', 'CVE-2023-5678', 'CVE-2024-6119']);
    expect(named(await scanned(await child(base.current), 'base/node'))).toEqual([]);
  });

  it('is cleared by a layer that brings the fixed package, and by one that removes the database', async () => {
    const status = 'Package: openssl\nStatus: install ok installed\nVersion: 3.0.17-1~deb12u2\n';
    const fixed = await push({ '/var/lib/dpkg/status': status }, await child(base.old));
    expect(named(await scanned(fixed))).toEqual([]);
    const gone = await push({ '/var/lib/dpkg/.wh.status': '' }, await child(base.old));
    const said = await scanned(gone);
    expect(said.imageScanStatus?.status).toBe('FAILED');
  });

  it('fails for an image without an operating system that it knows', async () => {
    const said = await scanned(await push({ '/app': 'x' }));
    expect(said.imageScanStatus?.status).toBe('FAILED');
    expect(said.imageScanStatus?.description).toContain('UnsupportedImageError');
    expect(said.imageScanFindings).toBeUndefined();
  });

  it('fails for a signature that is kept beside the images, and the images are described all the same', async () => {
    const blob = Buffer.from('{"critical":{}}');
    const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
    const signature = pushLayer(here(), { blob, diffId: digestOf(blob) }, type);
    const said = await scanned(signature);
    expect(said.imageScanStatus?.status).toBe('FAILED');
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'acme/orders' }));
    expect(imageDetails?.map(({ imageScanStatus }) => imageScanStatus?.status)).toEqual(['FAILED']);
  });

  it('comes in pages', async () => {
    const digest = await child(base.old);
    await scanned(digest, 'base/node');
    const first = await findings(digest, 'base/node', { maxResults: 2 });
    const second = await findings(digest, 'base/node', { maxResults: 2, nextToken: first.nextToken });
    expect([named(first).length, named(second).length, second.nextToken]).toEqual([2, 1, undefined]);
  });

  it('may be asked for once a day; an index has none of its own', async () => {
    const start = (imageDigest: string) =>
      codeOf(ecr.send(new StartImageScanCommand({ repositoryName: 'base/node', imageId: { imageDigest } })));
    expect(await start(await child(base.old))).toBe('LimitExceededException');
    age(await child(base.old), 25 * 3_600_000, 'base/node');
    expect(await start(await child(base.old))).toBe('no error');
    expect(await start(base.old)).toBe('UnsupportedImageTypeException');
    expect(await codeOf(findings(base.old, 'base/node'))).toBe('ScanNotFoundException');
  });

  it('that nobody asked for is not found, until it is asked for', async () => {
    ecrState(aws.world, ACCOUNT, REGION).scanning.rules = [{ scanFrequency: 'MANUAL', filters: ['*'] }];
    const digest = await push({ '/app': 'y' }, await child(base.old));
    expect(await codeOf(findings(digest))).toBe('ScanNotFoundException');
    await ecr.send(
      new StartImageScanCommand({ repositoryName: 'acme/orders', imageId: { imageDigest: digest } }),
    );
    expect((await scanned(digest)).imageScanStatus?.status).toBe('COMPLETE');
  });

  it('is made of no push to a registry that nobody configured, unless the repository asks for it', async () => {
    const made = async (repositoryName: string, scanOnPush: boolean | undefined) => {
      const asked = scanOnPush === undefined ? {} : { imageScanningConfiguration: { scanOnPush } };
      await ecr.send(new CreateRepositoryCommand({ repositoryName, ...asked }));
      const { repositories } = ecrState(aws.world, ACCOUNT, REGION);
      const repository = repositories[repositoryName];
      if (!repository) throw new Error('it was made');
      const config = Buffer.from('{}');
      aws.world.blobs.put(config);
      repository.blobs[digestOf(config)] = true;
      const said = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(config), size: 2 };
      const manifest = JSON.stringify({ schemaVersion: 2, config: said, layers: [] });
      putManifest(aws.world, repository, 'latest', OCI_MANIFEST, Buffer.from(manifest));
      const told = await ecr.send(
        new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [repositoryName] }),
      );
      return [told.scanningConfigurations?.[0]?.scanFrequency, Object.keys(repository.scans).length];
    };
    const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    expect(scanningConfiguration).toEqual({ scanType: 'BASIC', rules: [] });
    expect(await made('fresh/silent', undefined)).toEqual(['MANUAL', 0]);
    expect(await made('fresh/no', false)).toEqual(['MANUAL', 0]);
    expect(await made('fresh/yes', true)).toEqual(['SCAN_ON_PUSH', 1]);
    seedScanning(aws.world, ACCOUNT, REGION, 'BASIC', 'SCAN_ON_PUSH');
    expect(await made('fresh/ruled', false)).toEqual(['SCAN_ON_PUSH', 1]);
    seedScanning(aws.world, ACCOUNT, REGION, 'BASIC', 'MANUAL');
    expect(await made('fresh/by-hand', true)).toEqual(['MANUAL', 0]);
  });

  it('plays the answers of a script in order, and stays with the last', async () => {
    const digest = await push({ '/app': 'z' }, await child(base.old));
    await scanned(digest);
    scriptScan(aws.world, ACCOUNT, digest, [
      { kind: 'status', status: 'COMPLETE', findings: [] },
      { kind: 'not-found' },
      { kind: 'status', status: 'NOBODY_KNOWS_THIS' },
      { kind: 'as-it-is' },
    ]);
    expect(named(await findings(digest))).toEqual([]);
    expect(await codeOf(findings(digest))).toBe('ScanNotFoundException');
    expect((await findings(digest)).imageScanStatus?.status).toBe('NOBODY_KNOWS_THIS');
    for (let n = 0; n < 2; n += 1) expect(named(await findings(digest))).toHaveLength(3);
  });
});

describe('ECR', () => {
  it('says how a repository is kept and scanned', async () => {
    const [described, registry, repositories] = await Promise.all([
      ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['acme/orders'] })),
      ecr.send(new GetRegistryScanningConfigurationCommand({})),
      ecr.send(
        new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: ['acme/orders', 'no/such'] }),
      ),
    ]);
    expect(described.repositories?.[0]).toMatchObject({
      registryId: ACCOUNT,
      repositoryUri: `${aws.registry}/acme/orders`,
      imageTagMutability: 'IMMUTABLE',
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
    expect(registry.scanningConfiguration?.scanType).toBe('BASIC');
    expect(repositories.scanningConfigurations?.[0]?.scanFrequency).toBe('SCAN_ON_PUSH');
    expect(repositories.failures?.[0]?.failureCode).toBe('REPOSITORY_NOT_FOUND');
  });

  it('describes an image by tag or digest, and names the one that is not there', async () => {
    const tagged = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'base/node', imageIds: [{ imageTag: '24' }] }),
    );
    expect(tagged.imageDetails?.[0]).toMatchObject({ imageDigest: base.current, imageTags: ['24'] });
    const absent = new DescribeImagesCommand({ repositoryName: 'base/node', imageIds: [{ imageTag: '23' }] });
    expect(await codeOf(ecr.send(absent))).toBe('ImageNotFoundException');
    const got = await ecr.send(
      new BatchGetImageCommand({
        repositoryName: 'base/node',
        imageIds: [
          { imageTag: '24' },
          { imageTag: '23' },
          { imageDigest: `sha256:${'0'.repeat(64)}` },
          { imageDigest: 'not a digest' },
          {},
        ],
      }),
    );
    expect(got.images?.map(({ imageId }) => imageId)).toEqual([
      { imageDigest: base.current, imageTag: '24' },
    ]);
    expect(got.failures?.map(({ failureCode }) => failureCode)).toEqual([
      'ImageNotFound',
      'ImageNotFound',
      'InvalidImageDigest',
      'MissingDigestAndTag',
    ]);
    const imageIds = [{ imageTag: '23' }, { imageDigest: 'not a digest' }, {}];
    const gone = await ecr.send(new BatchDeleteImageCommand({ repositoryName: 'base/node', imageIds }));
    expect(gone.failures?.map(({ failureCode }) => failureCode)).toEqual([
      'ImageNotFound',
      'InvalidImageDigest',
      'MissingDigestAndTag',
    ]);
  });

  it('shows no account the repositories of another', async () => {
    const other = new ECRClient({
      region: REGION,
      endpoint: aws.url,
      credentials: aws.addAccount('000033334444'),
    });
    const asked = new DescribeRepositoriesCommand({ repositoryNames: ['acme/orders'] });
    expect(await codeOf(other.send(asked))).toBe('RepositoryNotFoundException');
    const named = new DescribeRepositoriesCommand({ registryId: ACCOUNT });
    expect(await codeOf(other.send(named))).toBe('AccessDeniedException');
    other.destroy();
  });

  it('gives a password that opens the registry at the address that comes with it', async () => {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const { authorizationToken, proxyEndpoint } = authorizationData?.[0] ?? {};
    const said = await fetch(`${proxyEndpoint}/v2/`, {
      headers: { authorization: `Basic ${authorizationToken}` },
    });
    expect(said.status).toBe(200);
  });

  it('has base images of the same digests on every machine', () => {
    expect(base).toEqual({
      current: 'sha256:11eb82f8802375e6db1bd709e57c3981d97b49e860fbd54458b0ed26c565e0f4',
      old: 'sha256:175561a3c8c18c4dde28309d8dd4bd05fd59a849a73d3bb20ccbaec373e3edbc',
    });
  });
});
