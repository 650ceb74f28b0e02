import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '@tenant-delivery/testkit/connect-proxy';
import { startTlsFront, type TlsFront } from '@tenant-delivery/testkit/tls-front';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox } from '../stage/a-job.ts';

const HOSTS = ['sts', 'ecs', `${ORDERS.account}.dkr.ecr`].map((name) => `${name}.eu-west-1.amazonaws.com`);

let sandbox: Sandbox;
let front: TlsFront;
const proxies: ConnectProxy[] = [];

beforeAll(async () => {
  sandbox = await acmeSandbox();
  front = await startTlsFront(HOSTS, Number(new URL(sandbox.aws.url).port));
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  front.close();
  await sandbox.close();
});

/** A proxy by which AWS's own names lead to local-aws, behind TLS of a private authority. */
async function proxy(credentials?: string): Promise<ConnectProxy> {
  const hosts = Object.fromEntries(HOSTS.map((host) => [`${host}:443`, front.port]));
  const started = await startConnectProxy({ hosts, ...(credentials && { credentials }) });
  proxies.push(started);
  return started;
}

/** What a job of acme/orders is told by AWS with this in its environment. */
async function told(env: Readonly<Record<string, string>>): Promise<unknown> {
  const TOKEN = await sandbox.runner(DEPLOY_JOB).idToken('sts.amazonaws.com');
  const program = join(import.meta.dirname, '../stage/asks-aws.ts');
  const given = { NODE_EXTRA_CA_CERTS: front.authority, TOKEN, ...env };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env: given });
  return JSON.parse(stdout);
}

const ANSWER = {
  service: `arn:aws:ecs:${ORDERS.region}:${ORDERS.account}:service/acme-prod/orders`,
  registry: expect.any(Number),
};

test('AWS and its registry are asked through the proxy of the environment, each host by one connection that stays open', async () => {
  const { url, asked } = await proxy();
  expect(await told({ HTTPS_PROXY: url })).toEqual(ANSWER);
  expect(asked).toEqual(HOSTS.map((host) => `${host}:443 200`));
});

test('a proxy that wants a password gets it, and a wrong one is told as what it is, without the password', async () => {
  const { url, asked } = await proxy('runner:p4ss');
  expect(await told({ https_proxy: url })).toEqual(ANSWER);
  const refused = await told({ https_proxy: url.replace('p4ss', 'wr0ng') });
  expect(refused).toEqual({
    code: 'AWS_UNKNOWN_OUTCOME',
    message: expect.stringMatching(/sts:AssumeRoleWithWebIdentity.*Failed to establish tunnel to sts\..*407/),
    remedy: expect.stringContaining('HTTPS_PROXY'),
  });
  expect(JSON.stringify(refused)).not.toContain('wr0ng');
  expect(asked.at(-1)).toBe(`${HOSTS[0]}:443 407`);
});

test.each(['amazonaws.com', 'x.example, sts.eu-nowhere-9.amazonaws.com'])(
  'NO_PROXY goes past the proxy: %s',
  async (NO_PROXY) => {
    const { url, asked } = await proxy();
    const REGION = 'eu-nowhere-9'; // whose names lead nowhere
    expect(await told({ HTTPS_PROXY: url, NO_PROXY, REGION })).toMatchObject({ code: 'AWS_UNKNOWN_OUTCOME' });
    expect(asked).toEqual([]);
    await told({ HTTPS_PROXY: url, NO_PROXY: 'sts.example', REGION });
    expect(asked).toEqual(['sts.eu-nowhere-9.amazonaws.com:443 502']);
  },
);

test('AWS is believed only where its certificate is of an authority that the runner knows', async () => {
  const { url } = await proxy();
  expect(await told({ HTTPS_PROXY: url, NODE_EXTRA_CA_CERTS: '' })).toMatchObject({
    code: 'AWS_UNKNOWN_OUTCOME',
    message: expect.stringMatching(/certificate/i),
  });
});
