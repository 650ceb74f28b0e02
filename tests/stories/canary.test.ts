import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { canary } from '@tenant-delivery/canary/canary';
import type { Stage } from '@tenant-delivery/canary/github-stage';
import { HERE, stageHere } from '@tenant-delivery/canary/here';
import type { Inventory } from '@tenant-delivery/canary/leftovers';
import type { Play, Played } from '@tenant-delivery/canary/play';
import { playsFor } from '@tenant-delivery/canary/plays';
import { isClean, linesOf, type Report } from '@tenant-delivery/canary/report';
import { runPlays } from '@tenant-delivery/canary/run-plays';
import { leavingNothing } from '@tenant-delivery/canary/take-away';
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

(FULL ? describe : describe.skip)('on servers as they are, after a canary that was cut off', () => {
  let report: Report;
  let before: Inventory;
  let cutOff: Inventory;
  let after: Inventory;
  let files: readonly (readonly (string | undefined)[])[];
  beforeAll(async () => {
    const { stage, account, close } = await stageHere(signal, WARM);
    const filesNow = async () => {
      const [head] = await stage.commits();
      return Promise.all(['server.js', 'VERSION'].map((path) => stage.file(path, head?.sha ?? '')));
    };
    try {
      before = await account.inventory();
      const untouched = await filesNow();
      const killed = { ...stage, commit: dying(stage.commit) };
      await expect(runPlays(killed, ONE, silent)).rejects.toThrow('killed');
      cutOff = await account.inventory();
      const left = await filesNow();
      report = await leavingNothing(stage, account, () => canary(stage, ALL, expected, silent));
      await setTimeout(SEEN);
      after = await account.inventory();
      files = [untouched, left, await filesNow()];
    } finally {
      await close();
    }
  }, 600_000);

  it('every play ends as expected, and nothing is otherwise', () => {
    expect(linesOf(report).filter((line) => /^(WRONG|DID NOT)/.test(line))).toEqual([]);
    expect(isClean(report)).toBe(true);
  });

  it('says which assumptions held', () => {
    const held = report.assumptions.filter(({ judgement }) => judgement === 'held').map(({ id }) => id);
    expect(held).toEqual(expect.arrayContaining(HOLD));
  });

  it('leaves nothing of both in the account but what the service runs', () => {
    const revisions = (inventory: Inventory) => inventory.revisions.map(({ arn }) => arn);
    const [runs = ''] = after.inUse;
    expect([before.images, cutOff.revisions.length]).toEqual([[], before.revisions.length + 1]);
    expect(revisions(after)).toEqual([...revisions(before), runs]);
    const [image = ''] = after.revisions.find(({ arn }) => arn === runs)?.images ?? [];
    expect(after.images.filter(({ digest, subject = digest }) => !image.endsWith(subject))).toEqual([]);
    expect(cutOff.images.some(({ digest }) => after.images.some((each) => each.digest === digest))).toBe(
      false,
    );
  });

  it('leaves the files as they were before both', () => {
    const [untouched, left, now] = files;
    expect(left).not.toEqual(untouched);
    expect(now).toEqual(untouched);
  });
});

const SEEN = 1_000; // milliseconds after which the local ECS lists what was just changed

/** Commits as long as no canary brings its files back. */
function dying(commit: Stage['commit']): Stage['commit'] {
  return (message, files) =>
    message.endsWith('as it was before') ? Promise.reject(new Error('killed')) : commit(message, files);
}

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
