import { describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { contractOfSize } from '../src/contract-of-size.ts';
import { agreedEnvironment } from '../src/doctor/agreed-environment.ts';
import { LIMITS, type Limited } from '../src/doctor/limits.ts';
import type { Line } from '../src/doctor/line.ts';
import type { Sight, Used } from '../src/doctor/ports.ts';
import { quotaLines } from '../src/doctor/quota-lines.ts';
import { lookAtStacks } from '../src/doctor/stack-lines.ts';

const PLACE = agreedEnvironment(
  contractOfSize({ services: 2, repositories: 1, releases: 1, longest: false }),
  'prod',
  { provider: 'OWNER/tenant-delivery', publishers: [], trust: { schemaVersion: 1, keys: [] }, at: 0 },
);

interface Account {
  readonly most?: number;
  readonly used?: Partial<Record<Limited, Used>>;
  /** The status of every stack. */
  readonly stacks?: string;
  /** Quotas of this service cannot be read. */
  readonly unread?: string;
}

async function lines({
  most = 100,
  used = {},
  stacks,
  unread,
}: Account): Promise<Readonly<Record<string, Line>>> {
  const sight = {
    account: {
      stack: async () => stacks,
      used: async (id: Limited) => used[id] ?? {},
      quota: async (service: string) => {
        if (service === unread) throw new Failure('AWS_DENIED', 'denied', 'Allow it');
        return most;
      },
    },
    vault: {},
  } as unknown as Sight; // nothing else is asked
  const asked = quotaLines(PLACE, sight, lookAtStacks(PLACE, sight));
  const all = asked.map(async ({ id, about, verdict }) => ({ id, about, ...(await verdict) }));
  return Object.fromEntries((await Promise.all(all)).map((line) => [line.id.replace('quota/', ''), line]));
}

const increase = (id: Limited, to: number) =>
  `aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ${LIMITS[id].service} --quota-code ${LIMITS[id].code} --desired-value ${to}`;

test('there is a line for every limit, and in an empty account with made stacks all have room', async () => {
  const found = await lines({ stacks: 'CREATE_COMPLETE' });
  expect(Object.keys(found).sort()).toEqual(Object.keys(LIMITS).sort());
  expect(Object.values(found).filter(({ result }) => result !== 'ok')).toEqual([]);
});

test('what stacks are still to make counts, NAT gateways by their zone', async () => {
  const zone = PLACE.environment.zones[0] ?? '';
  const found = await lines({ most: 5, used: { 'nat-gateways': { [zone]: 4 }, vpcs: { '': 4 } } });
  expect(found['nat-gateways']).toMatchObject({
    result: 'wrong',
    found: `4 of 5 NAT gateways in ${zone}, and 1 more are to be made`,
    mend: increase('nat-gateways', 10),
  });
  expect(found['vpcs']).toMatchObject({ result: 'wrong', found: '4 of 5 VPCs, and 1 more are to be made' });
  const made = await lines({ most: 5, stacks: 'UPDATE_COMPLETE', used: { vpcs: { '': 4 } } });
  expect(made['vpcs']).toMatchObject({ result: 'ok', found: '4 of 5 VPCs' });
});

describe('is near when nine tenths are used, and asks for twice as much', () => {
  test.each([
    [89, 'ok', ''],
    [90, 'wrong', increase('target-groups', 200)],
  ])('%d of 100: %s', async (there, result, mend) => {
    const found = await lines({ stacks: 'CREATE_COMPLETE', used: { 'target-groups': { '': there } } });
    expect(found['target-groups']).toMatchObject({ result, mend });
  });
});

test('the fullest security group says it', async () => {
  const used = { 'security-group-rules': { 'sg-a': 3, 'sg-b': 60, 'sg-c': 4 } };
  const found = await lines({ most: 60, stacks: 'CREATE_COMPLETE', used });
  expect(found['security-group-rules']).toMatchObject({
    result: 'wrong',
    found: '60 of 60 rules in one direction in sg-b',
    mend: increase('security-group-rules', 120),
  });
});

test('a quota that cannot be read is unknown, and the others are judged', async () => {
  const found = await lines({ stacks: 'CREATE_COMPLETE', unread: 'ecr' });
  expect(found['repositories']).toMatchObject({ result: 'unknown', mend: 'Allow it' });
  expect(found['vpcs']).toMatchObject({ result: 'ok' });
});
