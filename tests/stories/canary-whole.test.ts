import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/canary/github-stage';
import { HERE, stageHere } from '@tenant-delivery/canary/here';
import type { Inventory } from '@tenant-delivery/canary/leftovers';
import { playsFor } from '@tenant-delivery/canary/plays';
import { isClean, linesOf, type Report } from '@tenant-delivery/canary/report';
import { runPlays } from '@tenant-delivery/canary/run-plays';
import { canaryCommand } from '../stage/canary-command.ts';
import { WARM } from '../stage/stage.ts';

/*
 * `tenant-delivery canary` with all its plays, on servers as they are, after a canary that was cut off; and its rotation
 * once more, while the old key of the first is in its grace.
 */
const signal = new AbortController().signal;
const ONE = playsFor(HERE, '1').filter(({ name }) => name === 'a delivery');
const AGAIN = ['a rotation', 'the cut-over of the rotation'];

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
  'ecs-check-command-is-free',
  'ecs-hard-limits-may-add-up',
  'ecs-refuses-what-windows-lacks',
];

let code: number;
let report: Report;
let before: Inventory;
let cutOff: Inventory;
let after: Inventory;
let files: readonly (readonly (string | undefined)[])[];
let again: Awaited<ReturnType<typeof canaryCommand>>;
beforeAll(async () => {
  const here = await stageHere(signal, WARM);
  const { stage, account } = here;
  const filesNow = async () => {
    const [head] = await stage.commits();
    return Promise.all(['server.js', 'VERSION'].map((path) => stage.file(path, head?.sha ?? '')));
  };
  try {
    before = await account.inventory();
    const untouched = await filesNow();
    const killed = { ...stage, commit: dying(stage.commit) };
    await expect(runPlays(killed, ONE, () => {})).rejects.toThrow('killed');
    cutOff = await account.inventory();
    const left = await filesNow();
    ({ code, report } = await canaryCommand(here, []));
    await setTimeout(SEEN);
    after = await account.inventory();
    files = [untouched, left, await filesNow()];
    again = await canaryCommand(
      here,
      AGAIN.flatMap((name) => ['--play', name]),
    );
  } finally {
    await here.close();
  }
}, 600_000);

it('every play ends as expected, and nothing is otherwise', () => {
  expect(linesOf(report).filter((line) => /^(WRONG|DID NOT)/.test(line))).toEqual([]);
  expect([code, isClean(report)]).toEqual([0, true]);
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
  expect(cutOff.images.some(({ digest }) => after.images.some((each) => each.digest === digest))).toBe(false);
});

it('leaves the files as they were before both', () => {
  const [untouched, left, now] = files;
  expect(left).not.toEqual(untouched);
  expect(now).toEqual(untouched);
});

it('says within the grace of the key before that nothing was rotated', () => {
  expect(report.plays.filter(({ note }) => note !== undefined)).toEqual([]);
  expect(again.report.plays).toMatchObject([{ note: expect.stringContaining('nothing was rotated') }, {}]);
  expect(linesOf(again.report).filter((line) => /^(WRONG|DID NOT)/.test(line))).toEqual([]);
  expect(again.code).toBe(0);
});

const SEEN = 1_000; // milliseconds after which the local ECS lists what was just changed

/** Commits as long as no canary brings its files back. */
function dying(commit: Stage['commit']): Stage['commit'] {
  return (message, changed) =>
    message.endsWith('as it was before') ? Promise.reject(new Error('killed')) : commit(message, changed);
}
