import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cloudwatchAlarms } from '../src/cloudwatch/alarms.ts';
import { ec2Subnets } from '../src/ec2/subnets.ts';
import { iamRoles } from '../src/iam/roles.ts';
import { clientConfig } from '../src/session/client-config.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that gives each of `answers` in turn; `cut` ends the connection, `short` in the middle of a body. */
async function answering(...answers: readonly (Answer | 'cut' | 'short')[]) {
  const seen: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const next = answers[Math.min(seen.length, answers.length - 1)] ?? 'cut';
      seen.push(request.headers);
      if (next === 'cut') response.socket?.destroy();
      else if (next === 'short') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"half":', () => response.socket?.destroy());
      } else response.writeHead(next.status, next.headers).end(next.body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = { region: 'eu-west-1', local: true, scale: 1e6, userAgent: 'td/test' };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const config = { ...clientConfig(base, { accessKeyId: 'AKIA', secretAccessKey: 'x' }), endpoint };
  return {
    seen,
    config,
    alarms: () => cloudwatchAlarms({ clientConfig: () => config }, 'deploy').alarms(['a']),
  };
}

const none = { status: 200, body: '{"MetricAlarms":[]}' };

describe('a request of a client', () => {
  it.each<[string, Answer | 'cut' | 'short']>([
    ['throttled', { status: 400, body: '{"__type":"com.amazonaws.x#ThrottlingException","message":"slow"}' }],
    ['failing', { status: 503, body: '<html>busy</html>' }],
    ['cut off', 'cut'],
    ['cut off in its answer', 'short'],
  ])('is tried again when it was %s', async (_, trouble) => {
    const { seen, alarms } = await answering(trouble, none);
    expect(await alarms()).toEqual([]);
    expect(seen).toHaveLength(2);
  });

  it('is given up after six tries, with what AWS said last', async () => {
    const failing = {
      status: 500,
      body: '{"__type":"com.amazonaws.x#InternalServiceFault","message":"slow"}',
    };
    const { seen, alarms } = await answering(failing);
    await expect(alarms()).rejects.toMatchObject({
      code: 'AWS_UNAVAILABLE',
      message: expect.stringContaining('slow'),
    });
    expect(seen).toHaveLength(6);
  });

  const query =
    '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
  const ec2 =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>';
  it('is not repeated when IAM or EC2 denied it', async () => {
    const iam = await answering({ status: 403, body: query });
    await expect(iamRoles(iam.config)('td')).rejects.toMatchObject({ code: 'AWS_DENIED' });
    const subnets = await answering({ status: 403, body: ec2 });
    await expect(ec2Subnets(subnets.config)(['a'])).rejects.toMatchObject({ code: 'AWS_DENIED' });
    expect([iam.seen.length, subnets.seen.length]).toEqual([1, 1]);
  });

  it("is signed again with AWS's time when this machine's clock is wrong", async () => {
    const date = new Date(Date.now() + 3_600_000);
    const skewed = {
      status: 400,
      headers: { date: date.toUTCString() },
      body: '{"__type":"InvalidSignatureException","message":"Signature not yet current"}',
    };
    const { seen, alarms } = await answering(skewed, none);
    await alarms();
    const hour = date.toISOString().replace(/[-:]/g, '').slice(0, 11);
    expect(seen[1]?.['x-amz-date']).toMatch(new RegExp(`^${hour}`));
  });

  it.each([[''], ['null'], ['[]']])('has no answer when a 200 says %j', async (body) => {
    const { alarms } = await answering({ status: 200, body });
    await expect(alarms()).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });
});
