import { describe, expect, it } from '@jest/globals';
import type { Answers } from '../src/answers.ts';
import { compare, isGrave } from '../src/compare.ts';
import { timingOf } from '../src/timing.ts';

const answers = (given: Partial<Answers>): Answers => ({
  asked: 1,
  shapes: [],
  refusals: {},
  times: [],
  waits: [],
  ahead: [],
  ...given,
});
const between = (ours: Partial<Answers>, theirs: Partial<Answers>) =>
  compare({ 'ECS:DescribeTasks': answers(ours) }, { 'ECS:DescribeTasks': answers(theirs) });

const TASKS = { tasks: { '[]': { taskArn: 'string', startedBy: 'string', 'stoppedReason?': 'string' } } };

describe('an answer', () => {
  it('that is the same deviates in nothing', () => {
    expect(between({ shapes: [TASKS] }, { shapes: [TASKS] })).toEqual([]);
  });

  it('lacks a member that every answer here has', () => {
    const theirs = { tasks: { '[]': { taskArn: 'string' } } };
    expect(between({ shapes: [TASKS] }, { shapes: [theirs] })).toEqual([
      { operation: 'ECS:DescribeTasks', kind: 'missing member', says: 'AWS does not say tasks.[].startedBy' },
    ]);
  });

  it('may lack a member that only some answers here have, and the items of an empty list', () => {
    const some = { tasks: { '[]': { taskArn: 'string', startedBy: 'string' } } };
    expect(between({ shapes: [TASKS] }, { shapes: [some] })).toEqual([]);
    expect(between({ shapes: [TASKS] }, { shapes: [{ tasks: {} }] })).toEqual([]);
  });

  it('has a member of another type', () => {
    const theirs = { tasks: { '[]': { taskArn: 'string', startedBy: 'number' } } };
    const [found] = between({ shapes: [TASKS] }, { shapes: [theirs] });
    expect(found).toMatchObject({
      kind: 'other type',
      says: 'tasks.[].startedBy is number, and string here',
    });
  });

  it('may say more: that is told, and is not grave', () => {
    const theirs = { tasks: { '[]': { taskArn: 'string', startedBy: 'string', newest: 'string' } } };
    const found = between({ shapes: [TASKS] }, { shapes: [theirs] });
    expect(found).toMatchObject([{ kind: 'more members', says: 'AWS also says tasks.[].newest' }]);
    expect(found.some(isGrave)).toBe(false);
  });
});

describe('a refusal', () => {
  it('by a name that is not known here is grave', () => {
    const found = between({ refusals: { ClientException: 1 } }, { refusals: { InvalidThing: 2 } });
    expect(found).toMatchObject([
      { kind: 'refusal', says: expect.stringContaining('2 times by InvalidThing') },
    ]);
    expect(found.every(isGrave)).toBe(true);
  });

  it('because AWS is busy is none', () => {
    expect(between({}, { refusals: { ThrottlingException: 9 } })).toEqual([]);
  });
});

it('what is asked much more often comes later', () => {
  expect(between({ asked: 4 }, { asked: 12 })).toEqual([]);
  expect(between({ asked: 4 }, { asked: 40 })).toMatchObject([{ kind: 'asked more often' }]);
});

it('what was not asked at all is told', () => {
  expect(compare({ 'KMS:Sign': answers({}) }, {})).toMatchObject([{ kind: 'not seen' }]);
});

it('what only AWS was asked is told as compared with nothing', () => {
  const found = compare({}, { 'IAM:CreateAccessKey': answers({}) });
  expect(found).toMatchObject([{ operation: 'IAM:CreateAccessKey', kind: 'not compared' }]);
});

describe('time', () => {
  const list = (ours: Partial<Answers>, theirs: Partial<Answers>) =>
    compare(
      { 'ECS:ListServiceDeployments': answers(ours) },
      { 'ECS:ListServiceDeployments': answers(theirs) },
    );

  it('near the patience of our clients is grave', () => {
    expect(between({ times: [3] }, { times: [90, 7_400] })).toEqual([]);
    const found = between({ times: [3] }, { times: [90, 8_200] });
    expect(found).toMatchObject([
      { kind: 'too slow', says: 'an answer took 8 s, and our clients give up after 15 s' },
    ]);
    expect(found.every(isGrave)).toBe(true);
  });

  it('beyond the bound of what is shown late is grave, and so is a local AWS that is', () => {
    expect(list({}, { waits: [4_000] })).toEqual([]);
    const found = list({ waits: [30_000] }, { waits: [60_000] });
    expect(found).toMatchObject([
      {
        kind: 'too late',
        says: expect.stringMatching(/^AWS did not show a change for 60 s\. .* 4 s at most/),
      },
      { kind: 'too late', says: expect.stringMatching(/^the local AWS did not show a change for 30 s/) },
    ]);
    expect(found.every(isGrave)).toBe(true);
  });

  it('that a state lasts longer than here is told, and is not grave', () => {
    expect(between({ waits: [50_000] }, { waits: [140_000] })).toEqual([]);
    const found = between({ waits: [50_000] }, { waits: [300_000] });
    expect(found).toMatchObject([
      { kind: 'lasted longer', says: 'a step asked for 300 s, and for 50 s here' },
    ]);
    expect(found.some(isGrave)).toBe(false);
  });

  it('of all answers is one sentence', () => {
    const both = { 'ECS:DescribeTasks': answers({ times: [5, 40, 9] }) };
    expect(timingOf(both, {})).toBe(
      'AWS answered nothing; the local AWS 3 requests in 9 ms in the middle, 40 ms at most (ECS:DescribeTasks)',
    );
  });
});
