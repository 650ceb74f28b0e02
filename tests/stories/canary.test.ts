import { beforeAll, describe, expect, it } from '@jest/globals';
import { canary } from '@tenant-delivery/canary/canary';
import { HERE, stageHere } from '@tenant-delivery/canary/here';
import type { Play, Played } from '@tenant-delivery/canary/play';
import { playsFor } from '@tenant-delivery/canary/plays';
import { isClean, linesOf, type Report } from '@tenant-delivery/canary/report';
import { runPlays } from '@tenant-delivery/canary/run-plays';
import { type Deviation, deviate } from '@tenant-delivery/local-aws/world/deviations';
import { WARM } from '../stage/stage.ts';

/*
 * A canary against the local servers, and against local servers that are otherwise in one thing each. What it compares
 * with was played on servers as they are. `npm run proof` plays all of it, `npm test` a delivery.
 */
const FULL = process.env['PROOF'] === 'full';
const signal = new AbortController().signal;
const silent = () => {};

function playsNamed(...names: readonly string[]): readonly Play[] {
  const all = playsFor(HERE, '1');
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

const ONE = playsNamed('a delivery');
const ALL = FULL ? playsNamed() : ONE;
/** What a whole canary shows. */
const HOLD = [
  'findings-settle-in-ten-seconds',
  's3-one-writer-in-a-locked-bucket',
  'github-bots-have-a-type',
  'ecs-omitted-platform-version',
  'ecs-started-by-revision',
  'aws-date-header',
  'github-cancels-waiting-jobs',
  'ecr-scan-completed-at',
  'iam-three-operators-on-one-claim',
  'sts-offers-the-claims',
  'aws-error-names',
  'github-own-actions-by-dollar',
  'github-main-outside-its-folder',
  'github-inner-workflow-in-token',
  'github-run-ids-grow',
  'github-activity-names-who-moved',
  'github-outputs-of-failed-calls',
];
let expected: readonly Played[];

beforeAll(async () => {
  const here = await stageHere(signal, WARM);
  expected = await runPlays(here.stage, ALL, silent);
  await here.close();
}, 600_000);

async function reportOn(plays: readonly Play[], ...deviations: readonly Deviation[]): Promise<Report> {
  const here = await stageHere(signal, WARM);
  for (const each of deviations) deviate(here.platform.aws.world, each);
  const names = plays.map(({ name }) => name);
  try {
    return await canary(
      here.stage,
      plays,
      expected.filter(({ play }) => names.includes(play)),
      silent,
    );
  } finally {
    await here.close();
  }
}

(FULL ? describe : describe.skip)('on servers as they are', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn(ALL);
  }, 600_000);

  it('every play ends as expected, and nothing is otherwise', () => {
    expect(linesOf(report).filter((line) => /^(WRONG|DID NOT)/.test(line))).toEqual([]);
    expect(isClean(report)).toBe(true);
  });

  it('says which assumptions held', () => {
    const held = report.assumptions.filter(({ judgement }) => judgement === 'held').map(({ id }) => id);
    expect(held).toEqual(expect.arrayContaining(HOLD));
  });
});

describe('on servers that are otherwise, it names', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn(
      ONE,
      { kind: 'no-member', service: 'ecs', operation: 'DescribeServices', member: 'services.createdBy' },
      {
        kind: 'late',
        service: 'ecs',
        operation: 'ListServiceDeployments',
        member: 'serviceDeployments',
        times: 30,
      },
    );
  }, 600_000);

  it.each([
    [
      'a member that is missing',
      /WRONG .*ECS:DescribeServices, missing member: .* services\.\[\]\.createdBy/,
    ],
    ['an answer that comes later', /WRONG .*ECS:ListServiceDeployments, asked more often/],
    ['and that it is later than its bound', /WRONG .*ECS:ListServiceDeployments, too late: .* 4 s at most/],
  ])('%s', (_, line) => {
    expect(linesOf(report).join('\n')).toMatch(line);
    expect(isClean(report)).toBe(false);
  });

  it('another name of a refusal', async () => {
    const lines = linesOf(
      await reportOn(ONE, {
        kind: 'other-name',
        service: 'ecr',
        from: 'SigningConfigurationNotFoundException',
        to: 'NoSuchSigningConfiguration',
      }),
    );
    expect(lines.join('\n')).toMatch(
      /WRONG .*ECR:GetSigningConfiguration, refusal: .* by NoSuchSigningConfiguration; the local AWS says Signing/,
    );
  }, 600_000);

  it('a claim that STS does not offer, and what that would do', async () => {
    const lines = linesOf(await reportOn(ONE, { kind: 'no-claim', claim: 'job_workflow_ref' }));
    expect(lines.join('\n')).toMatch(
      /DID NOT sts-offers-the-claims: refused to open-change\. It fails closed: No job/,
    );
  }, 600_000);
});
