import { describe, expect, it } from '@jest/globals';
import { CHECKS, type Facts } from '../src/checks.ts';
import { judgeAll } from '../src/judge.ts';
import { readWaivers, WAIVABLE } from '../src/waivers.ts';
import { denied, goodFacts, seen } from './facts.ts';

const good = goodFacts();
const judged = (facts: Partial<Facts>, judging: Partial<Parameters<typeof judgeAll>[1]> = {}) =>
  judgeAll({ ...good, ...facts }, { recovers: false, plans: false, waivers: [], ...judging });
const of = (id: string, ...given: Parameters<typeof judged>) =>
  judged(...given).find((check) => check.id === id);

const noImage = {
  images: { ...good.images, images: [{ container: 'orders', image: 'r', stored: seen('absent' as const) }] },
};
const unseenImage = {
  images: {
    ...good.images,
    images: [{ container: 'orders', image: 'r', stored: denied('ecr:DescribeImages') }],
  },
};
const unseenRole = {
  roles: { ...good.roles, roles: [{ purpose: 'task' as const, named: 'x', role: denied('iam:GetRole') }] },
};
const noRoom = good.addresses && { addresses: { ...good.addresses, subnets: seen([]) } };
const noBreaker = { breaker: { breaker: { enabled: false, rollback: false } } };

describe('a preflight', () => {
  it('passes every check of a service at which nothing is to be found', () => {
    expect(judged({}).map(({ id, result, blocks }) => [id, result, blocks])).toEqual(
      CHECKS.map(({ id }) => [id, 'pass', false]),
    );
  });

  it('stops a deploy on what failed, and on what nobody could see', () => {
    expect(of('image', noImage)).toMatchObject({ result: 'fail', blocks: true });
    expect(of('image', unseenImage)).toMatchObject({
      result: 'unknown',
      blocks: true,
      remedy: expect.stringContaining('Allow ecr:DescribeImages'),
    });
  });

  it('goes on without what it could not see where the check says why', () => {
    expect(of('task-roles', unseenRole)).toMatchObject({
      result: 'unknown',
      blocks: false,
      remedy: expect.stringContaining('It does not stop a deploy: IAM'),
    });
  });

  it('never stops on a check that only warns', () => {
    expect(of('breaker', noBreaker)).toMatchObject({ result: 'fail', blocks: false });
  });

  it('lets a recovery go on without what cannot be seen and with what it may mend, but not with what cannot start', () => {
    expect(of('image', unseenImage, { recovers: true })).toMatchObject({ result: 'unknown', blocks: false });
    expect(of('free-addresses', { ...noRoom }, { recovers: true })).toMatchObject({
      result: 'fail',
      blocks: false,
    });
    expect(of('free-addresses', { ...noRoom })).toMatchObject({ blocks: true });
    expect(of('image', noImage, { recovers: true })).toMatchObject({ blocks: true });
  });

  it('shows what was waived, with the reason, and waives nothing that blocks or passes', () => {
    const waivers = CHECKS.map(({ id }) => ({ id, reason: 'known' }));
    expect(of('breaker', noBreaker, { waivers })).toMatchObject({
      result: 'waived',
      waiver: 'known',
      remedy: expect.stringContaining('Enable'),
    });
    expect(of('breaker', {}, { waivers })).toMatchObject({ result: 'pass' });
    expect(of('image', noImage, { waivers })).toMatchObject({ result: 'fail', blocks: true });
  });
});

describe('waivers', () => {
  it('are an id and a reason, a line each', () => {
    expect(readWaivers(['alarms: rings because of what this mends: see INC-7', 'breaker : agreed'])).toEqual({
      waivers: [
        { id: 'alarms', reason: 'rings because of what this mends: see INC-7' },
        { id: 'breaker', reason: 'agreed' },
      ],
    });
    expect(WAIVABLE).toEqual([
      'free-addresses-by-subnet',
      'rollback-target',
      'breaker',
      'capacity',
      'alarms',
    ]);
  });

  it('are refused all at once: one that blocks, one without a reason, one that is misspelt', () => {
    expect(readWaivers(['image: no', 'alarms', 'braker: x', 'capacity: fine'])).toEqual({
      problem:
        'names image, which stops a deploy and cannot be waived, gives no reason for alarms, names no check "braker" (did you mean breaker?)',
      fix: expect.stringContaining('id: why it may be accepted now'),
    });
  });
});
