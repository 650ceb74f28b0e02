import {
  ECRClient,
  GetLifecyclePolicyPreviewCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ecrLifecycle } from '@tenant-delivery/aws/ecr/lifecycle';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { DAY } from '@tenant-delivery/domain';
import { expiryOf } from '@tenant-delivery/gate-on-ecr-findings/re-gate/expiry';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import fc from 'fast-check';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const NAME = 'acme/orders';
const CONFIG = `sha256:${'c'.repeat(64)}`;
const AGES = [0.5, 3.5, 3.6, 9.5, 20.5, 33.5, 47.5]; // days, never whole ones

let aws: LocalAws;
let ecr: ECRClient;
let lifecycle: ReturnType<typeof ecrLifecycle>;

beforeAll(async () => {
  aws = await startLocalAws({ scale: 5_000 }); // a preview takes five seconds; ages grow little meanwhile
  const key = aws.addAccount(ACCOUNT);
  const { manifests, tags } = seedRepository(aws.world, ACCOUNT, REGION, NAME);
  const push = (
    digit: string,
    days: number,
    document: { readonly mediaType: string },
    ...names: readonly string[]
  ) => {
    const digest = `sha256:${digit.repeat(64)}`;
    const { mediaType } = document;
    const text = JSON.stringify({ schemaVersion: 2, ...document });
    manifests[digest] = { mediaType, text, pushedAt: aws.clock.now() - days * DAY };
    for (const name of names) tags[name] = digest;
    return { mediaType, digest, size: text.length };
  };
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: CONFIG, size: 2 };
  const image = { mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers: [] };
  for (const [n, age] of AGES.entries()) push(String(n), age, image, n % 2 === 0 ? `rev-${n}` : `v1.${n}`);
  tags['stable'] = `sha256:${'2'.repeat(64)}`;
  const platforms = ['8', '9'].map((digit) => push(digit, 5.5, image));
  const index = { mediaType: 'application/vnd.oci.image.index.v1+json', manifests: platforms };
  push('a', 5.5, index, 'rev-8');
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  ecr = new ECRClient({ endpoint: aws.url, region: REGION, credentials: key });
  const base = { region: REGION, local: true, scale: 1, userAgent: 'td/test' };
  const asking = { target: { account: ACCOUNT }, clientConfig: () => clientConfig(base, key) };
  lifecycle = ecrLifecycle(asking, 'read');
});
afterAll(() => aws.close());

/** The digests that the registry's own preview names. */
async function previewed(): Promise<readonly string[]> {
  await ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName: NAME }));
  for (;;) {
    const { status, previewResults = [] } = await ecr.send(
      new GetLifecyclePolicyPreviewCommand({ repositoryName: NAME }),
    );
    if (status === 'COMPLETE') return previewResults.map(({ imageDigest = '' }) => imageDigest).sort();
  }
}

const rule = fc.record({
  rulePriority: fc.integer({ min: 1, max: 9 }),
  selection: fc
    .record({
      tags: fc.constantFrom(
        { tagStatus: 'any' },
        { tagStatus: 'tagged', tagPrefixList: ['rev-'] },
        { tagStatus: 'tagged', tagPatternList: ['v*.*'] },
        { tagStatus: 'tagged', tagPatternList: ['*'] },
        { tagStatus: 'tagged', tagPatternList: ['rev-*-6', 'rev-*'] },
        { tagStatus: 'tagged', tagPatternList: ['rev-*', 'sta*le'] },
        { tagStatus: 'tagged', tagPatternList: ['*-4', 'rev*'] },
        { tagStatus: 'untagged' },
      ),
      count: fc.oneof(
        fc.record({
          countType: fc.constantFrom('sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'),
          countUnit: fc.constant('days'),
          countNumber: fc.integer({ min: 1, max: 60 }),
        }),
        fc.record({
          countType: fc.constant('imageCountMoreThan'),
          countNumber: fc.integer({ min: 1, max: 9 }),
        }),
      ),
    })
    .map(({ tags, count }) => ({ ...tags, ...count })),
  action: fc.constant({ type: 'expire' }),
});

/** As ECR takes them: one rule takes any image, after all others, and one takes those without a tag. */
const rules = fc
  .uniqueArray(rule, { minLength: 1, maxLength: 3, selector: ({ rulePriority }) => rulePriority })
  .map((all) =>
    all
      .filter(
        ({ selection: { tagStatus } }, at) =>
          tagStatus === 'tagged' || all.findIndex((one) => one.selection.tagStatus === tagStatus) === at,
      )
      .map((one) => (one.selection.tagStatus === 'any' ? { ...one, rulePriority: 10 } : one)),
  );

it('rules take away now what the preview of the registry says, and nothing else', async () => {
  expect(await lifecycle.policy(NAME)).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(rules, async (rules) => {
      const lifecyclePolicyText = JSON.stringify({ rules });
      await ecr.send(new PutLifecyclePolicyCommand({ repositoryName: NAME, lifecyclePolicyText }));
      const policy = (await lifecycle.policy(NAME)) ?? '';
      const images = await lifecycle.images(NAME);
      const said = images.filter(({ digest }) => {
        const expiry = expiryOf(policy, images, digest, aws.clock.now());
        return expiry !== undefined && expiry !== 'unreadable' && expiry.when === 'now';
      });
      expect(said.map(({ digest }) => digest).sort()).toEqual(await previewed());
    }),
    { numRuns: 100 },
  );
});
