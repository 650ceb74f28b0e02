import { describe, expect, it } from '@jest/globals';
import { parseSecretReference } from '@tenant-delivery/deployment/task-definition/secret-reference';
import { CHECKS, type Facts } from '../src/checks.ts';
import { judgeAll } from '../src/judge.ts';
import { readWaivers, waivable } from '../src/waivers.ts';
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

describe('a preflight without a contract', () => {
  const alone = (facts: Partial<Facts>) => ({ ...facts, contracted: false });
  const ARN = 'arn:aws:secretsmanager:eu-west-1:999911112222:secret:db-aB3xYz';
  const named = (valueFrom: string) => ({ what: 'DB of web', reference: parseSecretReference(valueFrom) });
  const elsewhere = { secrets: { ...good.secrets, references: [named(ARN)] } };
  const [log] = good.logGroups.groups;
  if (!log) throw new Error('the good facts have a log group');
  const far = { logGroups: { ...good.logGroups, groups: [{ ...log, region: 'us-east-1' }] } };
  const arm = {
    images: {
      platform: 'linux/amd64',
      instancesDecide: true,
      images: [
        {
          container: 'orders',
          image: 'r',
          stored: seen({ children: [{ platform: 'linux/arm64', digest: 'sha256:1' }] }),
        },
      ],
    },
  };
  const late = { credentials: { until: 'untold' as const, now: 0, wait: 90 * 60_000 } };

  it.each<[string, string, Partial<Facts>, string]>([
    [
      'a secret of another account',
      'secrets',
      elsewhere,
      '999911112222 in eu-west-1, where it was not looked at',
    ],
    ['logs in another region', 'log-group', far, 'us-east-1, which was not looked at'],
    ['a processor that only instances know', 'image', arm, 'does not say which processor'],
    ['too few addresses', 'free-addresses', noRoom ?? {}, 'there is no subnet-a'],
    ['credentials whose end nobody knows', 'credential-life', late, 'nothing says when they end'],
    ['what could not be seen', 'image', unseenImage, 'AWS denied ecr:DescribeImages'],
  ])('tells of %s, goes on, and lets it be waived', (_, id, facts, says) => {
    const told = { severity: 'warn', blocks: false, observed: expect.stringContaining(says) };
    expect(of(id, alone(facts))).toMatchObject(told);
    const waivers = [{ id, reason: 'known' }];
    expect(of(id, alone(facts), { waivers })).toMatchObject({
      ...told,
      result: 'waived',
      waiver: 'known',
    });
  });

  it.each<[string, Partial<Facts>]>([
    ['secrets', elsewhere],
    ['log-group', far],
    ['image', arm],
    ['free-addresses', noRoom ?? {}],
    ['image', unseenImage],
  ])('is milder than one under a contract: %s blocks there', (id, facts) => {
    expect(of(id, facts)).toMatchObject({ severity: 'block', blocks: true });
  });

  it('stops on what AWS could never start, whatever was waived, and beside what only warns', () => {
    const waivers = [{ id: 'secrets', reason: 'known' }];
    const absent = { ...elsewhere.secrets, references: [named(ARN), named('arn:aws:s3:::b')] };
    expect(of('secrets', alone({ secrets: absent }), { waivers })).toMatchObject({
      result: 'fail',
      severity: 'block',
      blocks: true,
      observed: expect.stringMatching(/999911112222.*no ARN of/),
    });
    expect(of('image', alone(noImage))).toMatchObject({ blocks: true });
  });

  it('makes no check whose page says that it is not made', () => {
    const nothing = { balancer: undefined, placement: undefined, capacity: undefined, alarms: undefined };
    const made = CHECKS.flatMap((check) => (check.alone === 'not made' ? [] : [check.id]));
    expect(judged(alone(nothing)).map(({ id }) => id)).toEqual(made);
  });
});

describe('waivers', () => {
  it('are an id and a reason, a line each', () => {
    expect(
      readWaivers(['alarms: rings because of what this mends: see INC-7', 'breaker : agreed'], true),
    ).toEqual({
      waivers: [
        { id: 'alarms', reason: 'rings because of what this mends: see INC-7' },
        { id: 'breaker', reason: 'agreed' },
      ],
    });
    expect(waivable(false)).toEqual(CHECKS.map(({ id }) => id));
    expect(waivable(true)).toEqual([
      'free-addresses-by-subnet',
      'rollback-target',
      'breaker',
      'capacity',
      'alarms',
    ]);
  });

  it('are refused all at once: one that blocks, one without a reason, one that is misspelt', () => {
    expect(readWaivers(['image: no', 'alarms', 'braker: x', 'capacity: fine'], true)).toEqual({
      problem:
        'names image, which stops a deploy and cannot be waived, gives no reason for alarms, names no check "braker" (did you mean breaker?)',
      fix: expect.stringContaining('id: why it may be accepted now'),
    });
  });
});
