import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { vpnTunnels } from '../src/ec2/vpn-tunnels.ts';
import { clientConfig } from '../src/session/client-config.ts';
import { parameterNames } from '../src/ssm/parameter-names.ts';

const SECRET = 'S3cret'; // short, because Node repeats a short text whole

let body = '';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end(body));
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

test.each([
  ['JSON that is none', `{"a": ${SECRET}}`, () => parameterNames(config())(['a'])],
  ['JSON of something else', `{"Parameters":"${SECRET}"}`, () => parameterNames(config())(['a'])],
  [
    'XML that ends early',
    `<R><vpnConnectionSet><item><preSharedKey>${SECRET}</preSharedKey><${SECRET}`,
    () => vpnTunnels(config(), config(), 'vpn-1').look(),
  ],
  [
    'XML with a tag that does not fit',
    `<R><vpnConnectionSet><item><${SECRET}></item></vpnConnectionSet></R>`,
    () => vpnTunnels(config(), config(), 'vpn-1').look(),
  ],
])('nothing of an answer is told that is %s', async (_, said, ask) => {
  body = said;
  const thrown: unknown = await ask().catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: expect.stringMatching(/^AWS_(UNKNOWN_OUTCOME|EMPTY_REPLY)$/) });
  expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(SECRET);
});
