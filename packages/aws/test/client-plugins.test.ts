import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { autoscalingRange } from '../src/autoscaling/range.ts';
import { type ClientConfig, clientConfig } from '../src/session/client-config.ts';
import { hearingDates } from '../src/session/hearing-dates.ts';
import { pacingRequests } from '../src/session/pacing-requests.ts';

const FIRST = new Date('2026-12-01T08:00:00Z');
const SECOND = new Date('2026-12-01T08:00:05Z');

/** What AWS is doing, in order: `turn` is a request's leave to go, `sent` its arrival. */
let happened: string[] = [];
let answers: readonly (readonly [status: number, body: string, date: Date])[] = [];
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const sent = happened.filter((what) => what === 'sent').length;
    happened.push('sent');
    const [status, body, date] = answers[sent] ?? [500, '', SECOND];
    response.writeHead(status, { date: date.toUTCString() }).end(body);
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  happened = [];
  answers = [
    [503, '{"__type":"ServiceUnavailable"}', FIRST],
    [200, '{"ScalableTargets":[]}', SECOND],
  ];
});
afterAll(() => void server.close());

function asking(plugins: NonNullable<ClientConfig['plugins']>) {
  const base = { region: 'eu-west-1', local: true, scale: 1e6, userAgent: 'td/test' };
  const config = clientConfig(base, { accessKeyId: 'AKIA', secretAccessKey: 'x' });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const session = { clientConfig: () => ({ ...config, endpoint, plugins }) };
  return autoscalingRange(session, 'deploy').range('acme', 'orders');
}

test("a client's plugin hears the date of every answer, a refusal's too", async () => {
  const heard: number[] = [];
  await asking([hearingDates((date) => heard.push(date))]);
  expect(heard).toEqual([FIRST.getTime(), SECOND.getTime()]);
});

test('every try waits for its turn, under the name of the operation', async () => {
  const asked: string[] = [];
  const pace = async <T>(bucket: string, send: () => Promise<T>) => {
    asked.push(bucket);
    happened.push('turn');
    return send();
  };
  await asking([pacingRequests(pace, (service, operation) => `${service}:${operation}`)]);
  const name = 'ApplicationAutoScaling:DescribeScalableTargets';
  expect(asked).toEqual([name, name]);
  expect(happened).toEqual(['turn', 'sent', 'turn', 'sent']);
});
