import { DescribeClustersCommand, DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { callRates } from '../src/index.ts';
import { bucketsOf } from '../src/world/buckets.ts';
import type { RecordedCall } from '../src/world/calls.ts';
import { PUBLISHED_RATES } from '../src/world/published-rates.ts';
import { type Metered, throttling } from '../src/world/throttling.ts';
import { refusal, stage } from './acme.ts';

const REQUEST = {
  service: 'ecs',
  operation: 'RegisterTaskDefinition',
  account: '000011112222',
  region: 'eu-west-1',
};

/** One operation of each bucket that is drawn from alone. */
const ONE_BUCKET = PUBLISHED_RATES.filter(({ account }) => !account).flatMap(({ service, buckets }) =>
  buckets.map(([, , , operations]): [string, string] => [service, operations.split(' ')[0] ?? '']),
);

/** The limits of AWS in a time that a test sets. */
function limits() {
  const time = { now: 0 };
  const made = throttling({ now: () => time.now });
  made.enforce();
  return { time, admits: (request: Metered) => made.emptyFor(request) === undefined };
}

describe('a bucket', () => {
  it('lets its burst through at once, then one request for each token that comes back', () => {
    const { time, admits } = limits();
    const at = (now: number, count: number) => {
      time.now = now;
      return Array.from({ length: count }, () => admits(REQUEST)).filter((admitted) => admitted).length;
    };
    expect([at(0, 30), at(500, 5), at(1_000, 5), at(4_000, 5), at(60_000, 30)]).toEqual([20, 0, 1, 3, 20]);
  });

  it('is its own for each account, region and kind of request', () => {
    const { admits } = limits();
    for (let sent = 0; sent < 20; sent += 1) admits(REQUEST);
    const others = [{ account: '000033334444' }, { region: 'eu-north-1' }, { operation: 'UpdateService' }];
    expect([{}, ...others].map((other) => admits({ ...REQUEST, ...other }))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('never lets more through than its burst and what came back, whenever requests come', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ONE_BUCKET),
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 300 }),
        ([service, operation], gaps) => {
          const { time, admits } = limits();
          const [{ burst, sustained } = { burst: 0, sustained: 0 }] = bucketsOf({ service, operation });
          let admitted = 0;
          for (const gap of gaps) {
            time.now += gap;
            if (admits({ ...REQUEST, service, operation })) admitted += 1;
            expect(admitted).toBeLessThanOrEqual(burst + (time.now / 1_000) * sustained + 1e-6);
          }
        },
      ),
    );
  });
});

test('a client is throttled as AWS throttles, once that is asked for, and only where AWS says so', async () => {
  const on = await stage({ scale: 0.0001 }); // no token comes back while this machine sends
  const ecs = new ECSClient({ ...on.as(on.acme), maxAttempts: 1 });
  const ask = () => ecs.send(new DescribeServicesCommand({ cluster: 'acme-prod', services: ['orders'] }));
  const all = (count: number) => Promise.allSettled(Array.from({ length: count }, ask));
  const refused = async (count: number) =>
    (await all(count)).filter(({ status }) => status === 'rejected').length;
  expect(await refused(101)).toBe(0);
  on.aws.enforceThrottling();
  expect(await refused(103)).toBe(3);
  expect(await refusal(ask())).toMatchObject({ name: 'ThrottlingException', status: 400 });
  expect(await ecs.send(new DescribeClustersCommand({}))).toMatchObject({ clusters: [] });
  await on.close();
});

test('the calls of a run are counted by bucket, with the most in a second and in ten', () => {
  const call = (operation: string, times: readonly number[], service = 'ecs'): RecordedCall => ({
    ...REQUEST,
    service,
    operation,
    principal: undefined,
    time: times[0] ?? 0,
    times,
    attempts: times.length,
    effects: 1,
  });
  const rates = callRates([
    call('DescribeServices', [0]),
    call('DescribeServices', [5_000, 5_400]),
    call('ListServices', [5_999]),
    call('DescribeServices', [10_000]),
    call('DescribeTargetHealth', [0], 'elasticloadbalancing'),
    call('GetRole', [0], 'iam'),
  ]);
  expect(rates).toMatchObject([
    {
      bucket: 'Service read actions',
      requests: 5,
      mostPerSecond: 3,
      mostPerTenSeconds: 4,
      published: { burst: 100, sustained: 20 },
    },
    { bucket: 'Non-mutating', requests: 1, published: { burst: 40, sustained: 10 } },
    { bucket: 'iam', requests: 1, published: undefined },
  ]);
});
