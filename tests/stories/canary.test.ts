import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canary } from '@tenant-delivery/canary/canary';
import { HERE, stageHere } from '@tenant-delivery/canary/here';
import type { Inventory } from '@tenant-delivery/canary/leftovers';
import type { Played } from '@tenant-delivery/canary/play';
import { playsFor } from '@tenant-delivery/canary/plays';
import { isClean, linesOf, type Report } from '@tenant-delivery/canary/report';
import { runPlays } from '@tenant-delivery/canary/run-plays';
import { type Deviation, deviate } from '@tenant-delivery/local-aws/world/deviations';
import { canaryCommand } from '../stage/canary-command.ts';
import { WARM } from '../stage/stage.ts';

/*
 * A canary against local servers that are otherwise in a few things each. What it compares with was played on servers as
 * they are. `canary-whole.test.ts` plays all of it, on servers that are as they are.
 */
const signal = new AbortController().signal;
const DELIVERY = 'a delivery';

const OTHERWISE: readonly Deviation[] = [
  { kind: 'no-member', service: 'ecs', operation: 'DescribeServices', member: 'services.createdBy' },
  {
    kind: 'no-member',
    service: 'ecr',
    operation: 'DescribeImageScanFindings',
    member: 'imageScanFindings.imageScanCompletedAt',
  },
  {
    kind: 'late',
    service: 'ecs',
    operation: 'ListServiceDeployments',
    member: 'serviceDeployments',
    times: 30,
  },
  { kind: 'clock', ahead: 60_000 },
];

describe('on servers that are otherwise, the whole command', () => {
  let code: number;
  let report: Report;
  let before: Inventory;
  let after: Inventory;
  beforeAll(async () => {
    const here = await stageHere(signal, WARM);
    for (const each of OTHERWISE) deviate(here.platform.aws.world, each);
    try {
      before = await here.account.inventory();
      ({ code, report } = await canaryCommand(here, ['--play', DELIVERY]));
      after = await here.account.inventory();
    } finally {
      await here.close();
    }
  }, 600_000);

  it.each([
    [
      'a member that is missing',
      /WRONG .*ECS:DescribeServices, missing member: .* services\.\[\]\.createdBy/,
    ],
    ['an answer that comes later', /WRONG .*ECS:ListServiceDeployments, asked more often/],
    ['and that it is later than its bound', /WRONG .*ECS:ListServiceDeployments, too late: .* 4 s at most/],
    ['an assumption about the shape of an answer', /DID NOT ecr-scan-completed-at: findings came without/],
    ['an assumption about time', /DID NOT aws-date-header: (59|60)/],
  ])('names %s', (_, line) => {
    expect(linesOf(report).join('\n')).toMatch(line);
  });

  it('ends with 1', () => {
    expect([code, isClean(report)]).toEqual([1, false]);
  });

  it('leaves nothing of its own in the account but what the service runs', () => {
    const known = before.revisions.map(({ arn }) => arn);
    const made = after.revisions.filter(({ arn }) => !known.includes(arn));
    const [delivered] = made.flatMap(({ images }) => images);
    expect(before.images).toEqual([]);
    expect(made.map(({ arn }) => arn)).toEqual([...new Set(after.inUse)]);
    expect(after.images.filter(({ digest, subject = digest }) => !delivered?.endsWith(subject))).toEqual([]);
  });
});

describe('on servers that refuse otherwise, a canary names', () => {
  let here: Awaited<ReturnType<typeof stageHere>>;
  let expected: readonly Played[];
  const plays = playsFor(HERE, '1').filter(({ name }) => name === DELIVERY);
  const namedAfter = async (deviation: Deviation) => {
    deviate(here.platform.aws.world, deviation);
    return linesOf(await canary(here.stage, plays, expected, () => {})).join('\n');
  };
  beforeAll(async () => {
    here = await stageHere(signal, WARM);
    expected = await runPlays(here.stage, plays, () => {});
  }, 600_000);
  afterAll(() => here.close());

  it('another name of a refusal, and the assumption about names', async () => {
    const lines = await namedAfter({
      kind: 'other-name',
      service: 'ecr',
      from: 'SigningConfigurationNotFoundException',
      to: 'NoSuchSigningConfiguration',
    });
    expect(lines).toMatch(
      /WRONG .*ECR:GetSigningConfiguration, refusal: .* by NoSuchSigningConfiguration; the local AWS says Signing/,
    );
    expect(lines).toMatch(/DID NOT aws-error-names: .*NoSuchSigningConfiguration/);
  }, 600_000);

  it('a claim that STS does not offer, and what that would do', async () => {
    expect(await namedAfter({ kind: 'no-claim', claim: 'job_workflow_ref' })).toMatch(
      /DID NOT sts-offers-the-claims: refused to open-change\. It fails closed: No job/,
    );
  }, 600_000);
});
