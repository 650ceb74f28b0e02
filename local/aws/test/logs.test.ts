import type {
  DescribeLogGroupsCommandOutput,
  GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { simulatedOf } from '../src/services/ecs.ts';
import { logs, logsOf, seedLogGroup } from '../src/services/logs.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, ask, digest, LOG_GROUP, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
beforeEach(() => {
  world = manualWorld();
  seedLogGroup(world, ACCOUNT, REGION, { name: '/td/acme/prod/orders' });
});

const read = (input: object) =>
  ask<GetLogEventsCommandOutput>(logs.operations['GetLogEvents'], input, world.call);
const groups = (input: object) =>
  ask<DescribeLogGroupsCommandOutput>(logs.operations['DescribeLogGroups'], input, world.call);

async function lines(count: number) {
  const { openStream, put } = logsOf(world, ACCOUNT, REGION);
  openStream(LOG_GROUP, 's');
  for (let line = 1; line <= count; line += 1) {
    put(LOG_GROUP, 's', `line ${line}`);
    await world.run(1);
  }
}
const at = { logGroupName: LOG_GROUP, logStreamName: 's' };
const texts = (answer: GetLogEventsCommandOutput) => answer.events?.map(({ message }) => message);

describe('GetLogEvents', () => {
  test('gives the latest events unless told to start from the head', async () => {
    await lines(5);
    expect(texts(await read({ ...at, limit: 2 }))).toEqual(['line 4', 'line 5']);
    expect(texts(await read({ ...at, limit: 2, startFromHead: true }))).toEqual(['line 1', 'line 2']);
  });

  test('goes back page by page, and says with an unchanged token that the beginning is reached', async () => {
    await lines(5);
    const seen: unknown[] = [];
    let page = await read({ ...at, limit: 2 });
    for (;;) {
      seen.push(texts(page));
      const next = await read({ ...at, limit: 2, nextToken: page.nextBackwardToken });
      if (next.nextBackwardToken === page.nextBackwardToken) break;
      page = next;
    }
    expect(seen).toEqual([['line 4', 'line 5'], ['line 2', 'line 3'], ['line 1']]);
  });

  test('goes on forward when new lines arrive after the end', async () => {
    await lines(2);
    const end = await read({ ...at, startFromHead: true });
    const nothing = await read({ ...at, nextToken: end.nextForwardToken });
    expect(nothing).toMatchObject({ events: [], nextForwardToken: end.nextForwardToken });
    logsOf(world, ACCOUNT, REGION).put(LOG_GROUP, 's', 'more');
    expect(texts(await read({ ...at, nextToken: end.nextForwardToken }))).toEqual(['more']);
  });

  test('keeps to the time that is asked for, from the first moment up to the second', async () => {
    const start = world.clock.now();
    await lines(4);
    const between = { startTime: start + 1_000, endTime: start + 3_000 };
    expect(texts(await read({ ...at, ...between }))).toEqual(['line 2', 'line 3']);
  });

  test.each([
    ['an unknown group', { logGroupName: '/other', logStreamName: 's' }, 'ResourceNotFoundException'],
    ['an unknown stream', { logGroupName: LOG_GROUP, logStreamName: 'other' }, 'ResourceNotFoundException'],
  ])('names %s', async (_, input, code) => {
    await expect(read(input)).rejects.toMatchObject({ code });
  });

  test('refuses a token that it did not give', async () => {
    await lines(1);
    await expect(read({ ...at, nextToken: 'x' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

test('log groups are found by prefix and pattern, page by page', async () => {
  seedLogGroup(world, ACCOUNT, REGION, { name: '/td/acme/prod/billing', retentionInDays: 365 });
  seedLogGroup(world, ACCOUNT, REGION, { name: '/other' });
  const names = async (input: object) =>
    (await groups(input)).logGroups?.map(({ logGroupName }) => logGroupName);
  expect(await names({ logGroupNamePrefix: '/td/' })).toEqual([
    '/td/acme/prod/billing',
    '/td/acme/prod/orders',
  ]);
  expect(await names({ logGroupNamePattern: 'ORDERS' })).toEqual(['/td/acme/prod/orders']);
  const first = await groups({ limit: 2 });
  expect(first.logGroups).toHaveLength(2);
  expect(await names({ limit: 2, nextToken: first.nextToken })).toEqual(['/td/acme/prod/orders']);
});

test("a task's lines are in the stream named by prefix, container and task", async () => {
  await withOrders(world);
  const log = [
    { atSeconds: 0, line: 'starting' },
    { atSeconds: 0.2, line: 'no database' },
  ];
  simulatedOf(world).script(digest('b'), { log, exit: { code: 1, afterSeconds: 0.4 } });
  const api = ecsApi(world);
  await api.release('b');
  await world.run(60);
  const crashed = (await api.tasks('STOPPED')).find(
    ({ stopCode }) => stopCode === 'EssentialContainerExited',
  );
  const logStreamName = `orders/orders/${crashed?.taskArn?.split('/').at(-1)}`;
  expect(texts(await read({ logGroupName: LOG_GROUP, logStreamName }))).toEqual(['starting', 'no database']);
});
