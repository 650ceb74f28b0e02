import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { userKeys } from '../src/iam/user-keys.ts';
import { clientConfig } from '../src/session/client-config.ts';
import { parameterNames } from '../src/ssm/parameter-names.ts';

/** The answer to each request, by the body of the request. */
let answer: (body: string) => string = () => '';
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => response.end(answer(body)));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

function config() {
  const base = { region: 'eu-west-1', local: true, scale: 1e6, userAgent: 'td/test' };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  return { ...clientConfig(base, { accessKeyId: 'AKIA', secretAccessKey: 'x' }, 1), endpoint };
}

const users = (name: string, more: string) =>
  `<ListUsersResponse><ListUsersResult><Users><member><Path>/td-rotatable/</Path><UserName>${name}</UserName><Arn>arn:${name}</Arn></member></Users>${more}</ListUsersResult></ListUsersResponse>`;
const refused = { code: 'AWS_EMPTY_REPLY' };

test('every page of a list is read', async () => {
  answer = (body) =>
    body.includes('Marker=second')
      ? users('b', '<IsTruncated>false</IsTruncated>')
      : users('a', '<IsTruncated>true</IsTruncated><Marker>second</Marker>');
  expect(await userKeys(config()).users()).toEqual([
    { name: 'td-rotatable/a', arn: 'arn:a' },
    { name: 'td-rotatable/b', arn: 'arn:b' },
  ]);
});

test('a page of IAM that says there is more, and not where, is no end', async () => {
  answer = () => users('a', '<IsTruncated>true</IsTruncated>');
  await expect(userKeys(config()).users()).rejects.toMatchObject(refused);
});

test.each([
  ['the first page', () => '{}'],
  [
    'a later page',
    (body: string) => (body.includes('"NextToken"') ? '{}' : '{"Parameters":[],"NextToken":"second"}'),
  ],
])('%s without its list is a failure, and never an empty one', async (_, said) => {
  answer = said;
  await expect(parameterNames(config())(['a'])).rejects.toMatchObject(refused);
});
