import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  DescribeAlarmsCommandOutput,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { balancerStore } from '../src/balancer/store.ts';
import { cloudwatch, type ScriptedRequest, scriptRequests, setAlarm } from '../src/services/cloudwatch.ts';
import { balancer } from '../src/services/elasticloadbalancing.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, ask, callIn, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let group: string;
const servers: Server[] = [];

beforeEach(async () => {
  world = manualWorld();
  const { targetGroupArn } = await withOrders(world);
  group = targetGroupArn.split(':').at(-1) ?? '';
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const balancerName = (): string => {
  const [arn = ''] = Object.keys(balancerStore(world, ACCOUNT, REGION).balancers);
  return arn.split(':loadbalancer/')[1] ?? '';
};

describe('alarms', () => {
  const alarms = async (input: object = {}, call = world.call) => {
    const answer = await ask<DescribeAlarmsCommandOutput>(
      cloudwatch.operations['DescribeAlarms'],
      input,
      call,
    );
    return { ...answer, shown: answer.MetricAlarms?.map((one) => `${one.AlarmName} ${one.StateValue}`) };
  };
  const set = (name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', after?: number) =>
    setAlarm(world, ACCOUNT, REGION, name, state, after);

  test('are in the state that they were given, and say since when', async () => {
    set('orders-5xx', 'OK');
    await world.run(60);
    const changed = new Date(world.clock.now());
    set('orders-5xx', 'ALARM');
    await world.run(60);
    set('orders-5xx', 'ALARM');
    const { MetricAlarms } = await alarms();
    expect(MetricAlarms).toMatchObject([
      {
        AlarmName: 'orders-5xx',
        AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:orders-5xx`,
        StateValue: 'ALARM',
        StateReason: expect.stringMatching(/^Threshold Crossed/),
        StateTransitionedTimestamp: changed,
        StateUpdatedTimestamp: new Date(world.clock.now()),
      },
    ]);
  });

  test('change at a time to come when they are told to', async () => {
    set('orders-5xx', 'ALARM', 90);
    expect((await alarms()).shown).toEqual(['orders-5xx OK']);
    await world.run(89);
    expect((await alarms()).shown).toEqual(['orders-5xx OK']);
    await world.run(1);
    expect((await alarms()).shown).toEqual(['orders-5xx ALARM']);
  });

  test.each([
    ['all, by name', {}, ['a OK', 'b ALARM', 'bb INSUFFICIENT_DATA']],
    ['by names, those that exist', { AlarmNames: ['b', 'absent'] }, ['b ALARM']],
    ['by prefix', { AlarmNamePrefix: 'b' }, ['b ALARM', 'bb INSUFFICIENT_DATA']],
    ['by state', { StateValue: 'OK' }, ['a OK']],
    ['composite ones, of which there are none', { AlarmTypes: ['CompositeAlarm'] }, []],
  ])('are described %s', async (_, input, expected) => {
    set('bb', 'INSUFFICIENT_DATA');
    set('b', 'ALARM');
    set('a', 'OK');
    expect((await alarms(input)).shown).toEqual(expected);
  });

  test('come in pages', async () => {
    for (const name of ['a', 'b', 'c']) set(name, 'OK');
    const first = await alarms({ MaxRecords: 2 });
    expect(first.shown).toEqual(['a OK', 'b OK']);
    expect((await alarms({ MaxRecords: 2, NextToken: first.NextToken })).shown).toEqual(['c OK']);
    expect((await alarms({ MaxRecords: 2, NextToken: '2' })).NextToken).toBeUndefined();
  });

  test('of another account do not exist', async () => {
    set('orders-5xx', 'OK');
    expect((await alarms({}, callIn(world, '000033334444'))).shown).toEqual([]);
  });

  test.each([
    [
      'names and a prefix',
      { AlarmNames: ['a'], AlarmNamePrefix: 'a' },
      'InvalidParameterCombinationException',
    ],
    ['a page of 101', { MaxRecords: 101 }, 'InvalidParameterValueException'],
    ['a token of nobody', { NextToken: 'x' }, 'InvalidNextToken'],
    ['children of a composite alarm', { ChildrenOfAlarmName: 'a' }, 'NotImplemented'],
  ])('are not described by %s', async (_, input, code) => {
    await expect(alarms(input)).rejects.toMatchObject({ code });
  });
});

/** Asks for one metric of the target group, or of the balancer alone, over the last hour. */
async function metric(
  name: string,
  Stat: string,
  more: {
    readonly of?: 'group' | 'balancer';
    readonly Period?: number;
    readonly stat?: Partial<MetricStat>;
    readonly input?: Partial<GetMetricDataCommandInput>;
  } = {},
) {
  const Dimensions = [
    ...(more.of === 'balancer' ? [] : [{ Name: 'TargetGroup', Value: group }]),
    { Name: 'LoadBalancer', Value: balancerName() },
  ];
  const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: name, Dimensions };
  const answer = await ask<GetMetricDataCommandOutput>(
    cloudwatch.operations['GetMetricData'],
    {
      MetricDataQueries: [
        { Id: 'm1', MetricStat: { Metric, Stat, Period: more.Period ?? 60, ...more.stat } },
      ],
      StartTime: new Date(world.clock.now() - 3_600_000),
      EndTime: new Date(world.clock.now() + 1),
      ScanBy: 'TimestampAscending',
      ...more.input,
    },
    world.call,
  );
  return { ...answer, values: answer.MetricDataResults?.[0]?.Values ?? [] };
}

describe('what a load balancer serves', () => {
  const request = async () => {
    const serve = balancer(world);
    const server = createServer((from, to) => void serve(from, to));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo; // TCP
    const url = `http://127.0.0.1:${port}/_local/balancers/${ACCOUNT}/acme-prod-internal`;
    const answer = await fetch(url);
    await answer.text();
    await new Promise((resolve) => setImmediate(resolve));
    return answer.status;
  };

  test('is measured: requests, and the time that the target took', async () => {
    expect([await request(), await request()]).toEqual([200, 200]);
    expect((await metric('RequestCount', 'Sum')).values).toEqual([2]);
    expect((await metric('RequestCount', 'Sum', { of: 'balancer' })).values).toEqual([2]);
    expect((await metric('TargetResponseTime', 'SampleCount')).values).toEqual([2]);
    expect((await metric('TargetResponseTime', 'p95')).values[0]).toBeLessThan(1);
    expect((await metric('HTTPCode_Target_5XX_Count', 'Sum')).values).toEqual([]);
  });

  test('without a target is an error of the balancer, no request of a target group', async () => {
    await ecsApi(world).update({ desiredCount: 0 });
    await world.run(120);
    expect(await request()).toBe(503);
    expect((await metric('HTTPCode_ELB_5XX_Count', 'Sum', { of: 'balancer' })).values).toEqual([1]);
    expect((await metric('HTTPCode_ELB_5XX_Count', 'Sum')).values).toEqual([]);
    expect((await metric('RequestCount', 'Sum', { of: 'balancer' })).values).toEqual([]);
  });
});

describe('requests that a test scripts', () => {
  const script = (...requests: readonly ScriptedRequest[]) =>
    scriptRequests(world, ACCOUNT, REGION, 'acme-prod-orders', requests);
  const ago = (minutes: number) => world.clock.now() - minutes * 60_000;

  test('are measured as if they had been served', async () => {
    script(
      { at: ago(5), status: 200, seconds: 0.1, times: 95 },
      { at: ago(5), status: 500, seconds: 2, times: 5 },
      { at: ago(3), status: 200, seconds: 0.3 },
      { at: ago(3), status: 504, by: 'balancer' },
    );
    expect((await metric('RequestCount', 'Sum')).values).toEqual([100, 2]);
    expect((await metric('HTTPCode_Target_5XX_Count', 'Sum')).values).toEqual([5]);
    expect((await metric('HTTPCode_ELB_5XX_Count', 'Sum', { of: 'balancer' })).values).toEqual([1]);
    expect((await metric('HTTPCode_Target_2XX_Count', 'Sum')).values).toEqual([95, 1]);
    expect((await metric('TargetResponseTime', 'p95')).values).toEqual([0.1, 0.3]);
    expect((await metric('TargetResponseTime', 'p96')).values).toEqual([2, 0.3]);
    expect((await metric('TargetResponseTime', 'Maximum')).values).toEqual([2, 0.3]);
    expect((await metric('RequestCount', 'Sum', { Period: 300 })).values).toEqual([102]);
  });

  test('that are yet to come are measured when their time has come', async () => {
    script({ at: ago(-10), status: 200, seconds: 0.1 });
    const input = { EndTime: new Date(ago(-60)) };
    expect((await metric('RequestCount', 'Sum', { input })).values).toEqual([]);
    await world.run(600);
    expect((await metric('RequestCount', 'Sum', { input })).values).toEqual([1]);
  });

  test('come newest first unless asked otherwise, in pages', async () => {
    for (const [minutes, times] of [
      [9, 1],
      [6, 2],
      [3, 3],
    ] as const)
      script({ at: ago(minutes), status: 200, times });
    const page = (NextToken?: string) =>
      metric('RequestCount', 'Sum', { input: { ScanBy: undefined, MaxDatapoints: 2, NextToken } });
    const first = await page();
    expect(first.values).toEqual([3, 2]);
    expect(first.MetricDataResults?.[0]?.StatusCode).toBe('PartialData');
    const second = await page(first.NextToken);
    expect(second.values).toEqual([1]);
    expect(second.NextToken).toBeUndefined();
    expect(second.MetricDataResults?.[0]?.StatusCode).toBe('Complete');
  });

  test.each([
    ['an unknown metric', 'Latency', 'Sum', {}, /does not measure AWS\/ApplicationELB Latency/],
    ['an unknown statistic', 'RequestCount', 'tm90', {}, /does not know the statistic tm90/],
    ['a period of 30 s', 'RequestCount', 'Sum', { Period: 30 }, /multiple of 60/],
    [
      'a span that ends before it begins',
      'RequestCount',
      'Sum',
      { input: { EndTime: new Date(0) } },
      /less than/,
    ],
    [
      'an expression',
      'RequestCount',
      'Sum',
      { input: { MetricDataQueries: [{ Id: 'e1', Expression: '1/2' }] } },
      /evaluates no expressions: the query e1/,
    ],
  ])('are not given for %s', async (_, name, statistic, more, message) => {
    await expect(metric(name, statistic, more)).rejects.toMatchObject({
      code: /^\/(does not|evaluates)/.test(String(message))
        ? 'NotImplemented'
        : 'InvalidParameterValueException',
      message: expect.stringMatching(message),
    });
  });
});
