import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { elbv2Targets } from '../src/elb/targets.ts';
import { clientConfig } from '../src/session/client-config.ts';

let body = '';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end(body));
});
const kept = process.env['AWS_ENDPOINT_URL'];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
});
afterAll(() => {
  if (kept === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = kept;
  server.close();
});

const base = { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' };
const credentials = async () => ({
  accessKeyId: 'AKIA',
  secretAccessKey: 'not-a-secret',
  sessionToken: 'a-token',
  expiration: new Date(Date.now() + 3_600_000),
});
const targets = () => elbv2Targets({ clientConfig: () => clientConfig(base, credentials, 1) }, 'deploy');

const described = (list: string) => {
  body = `<R xmlns="x"><DescribeTargetHealthResult>${list}</DescribeTargetHealthResult></R>`;
  return targets().targets('arn:group');
};
const list = (members: string) => `<TargetHealthDescriptions>${members}</TargetHealthDescriptions>`;
const target = (port: string, state = '<State>healthy</State>') =>
  `<member><Target><Id>10.0.0.1</Id>${port}</Target><TargetHealth>${state}</TargetHealth></member>`;

it('reads targets as they are told, none among them', async () => {
  expect(await described(list(target('<Port>8080</Port>') + target('')))).toMatchObject([
    { address: '10.0.0.1', port: 8080, state: 'healthy', reason: undefined },
    { port: undefined },
  ]);
  expect(await described('<TargetHealthDescriptions/>')).toEqual([]);
});

it.each([
  ['no list', ''],
  ['a port that is no number', list(target('<Port>8080x</Port>'))],
  ['a target without a state', list(target('', ''))],
  ['a target with an empty state', list(target('', '<State/>'))],
])('takes %s for no answer', async (_, hostile) => {
  await expect(described(hostile)).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
});

it.each([
  [
    'an answer that ends early',
    '<R><DescribeTargetHealthResult><TargetHealthDescriptions/>',
    'AWS_UNKNOWN_OUTCOME',
  ],
  [
    'a port with parts',
    `<R><DescribeTargetHealthResult>${list(target('<Port><a>1</a></Port>'))}</DescribeTargetHealthResult></R>`,
    'AWS_UNKNOWN_OUTCOME',
  ],
  ['a page in between', '<html><body>sign in</body></html>', 'AWS_EMPTY_REPLY'],
])('takes %s for no answer', async (_, text, code) => {
  body = text;
  await expect(targets().targets('arn:group')).rejects.toMatchObject({ code });
});

it('takes a slow start that is no number of seconds for no answer', async () => {
  const attribute = (value: string) =>
    `<R><DescribeTargetGroupAttributesResult><Attributes><member><Key>slow_start.duration_seconds</Key>${value}</member></Attributes></DescribeTargetGroupAttributesResult></R>`;
  body = attribute('<Value>30</Value>');
  expect(await targets().slowStartSeconds('arn:group')).toBe(30);
  for (const value of ['<Value>a while</Value>', '<Value/>', '']) {
    body = attribute(value);
    await expect(targets().slowStartSeconds('arn:group')).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  }
});
