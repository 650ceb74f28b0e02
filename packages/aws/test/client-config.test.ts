import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cloudwatchAlarms } from '../src/cloudwatch/alarms.ts';
import { ecsClient, ecsOnce } from '../src/ecs/ecs-client.ts';
import { clientConfig } from '../src/session/client-config.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  delete process.env['AWS_ENDPOINT_URL'];
  for (const server of servers.splice(0)) server.close();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An AWS that answers with each of these in turn; `cut` ends the connection, `short` in the middle of an answer. */
async function answering(...answers: readonly (Answer | 'cut' | 'short')[]) {
  const seen: IncomingMessage['headers'][] = [];
  const server = createServer(async (request, response) => {
    await text(request);
    const next = answers[Math.min(seen.length, answers.length - 1)] ?? 'cut';
    seen.push(request.headers);
    if (next === 'cut') response.socket?.destroy();
    else if (next === 'short') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"clusters":', () => response.socket?.destroy());
    } else response.writeHead(next.status, next.headers).end(next.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const base = {
    region: 'eu-west-1',
    local: true,
    scale: 1000,
    userAgent: 'tenant-delivery run/7.1 job/deploy',
  };
  const config = clientConfig(base, { accessKeyId: 'AKIA', secretAccessKey: 's', sessionToken: 'a-token' });
  const describing = (ecs: ReturnType<typeof ecsClient>) =>
    ecs.send((sdk) => new sdk.DescribeClustersCommand({})).catch((thrown: unknown) => thrown);
  return {
    seen,
    config,
    ask: () => describing(ecsClient(config)),
    askOnce: () => describing(ecsOnce(config)),
  };
}

const DONE = { status: 200, body: '{"clusters":[]}' };
const refusal = (name: string, status = 400, headers = {}) => ({
  status,
  headers,
  body: JSON.stringify({ __type: `com.amazonaws.ecs#${name}`, message: 'no' }),
});

describe('a request of a client', () => {
  it('is signed by the credentials of the session, and says which run asks', async () => {
    const { seen, ask } = await answering(DONE);
    expect(await ask()).toMatchObject({ clusters: [] });
    expect(seen[0]).toMatchObject({
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/ecs\//),
      'x-amz-security-token': 'a-token',
      'user-agent': expect.stringMatching(/ tenant-delivery run\/7\.1 job\/deploy$/),
    });
  });

  it.each<[string, Answer | 'cut' | 'short', number]>([
    ['came too often', refusal('ThrottlingException'), 3],
    ['met an AWS in trouble', { status: 503, body: '<html>busy</html>' }, 1],
    ['was cut off', 'cut', 1],
    ['was cut off in its answer', 'short', 1],
  ])(
    'is sent again when it %s; one that may take effect once, only when AWS refused it',
    async (_, trouble, once) => {
      const { seen, ask } = await answering(trouble, trouble, DONE);
      expect(await ask()).toMatchObject({ clusters: [] });
      expect(seen).toHaveLength(3);
      const again = await answering(trouble, trouble, DONE);
      await again.askOnce();
      expect(again.seen).toHaveLength(once);
    },
  );

  it('is given up after six tries, with what AWS said last', async () => {
    const { seen, ask } = await answering(refusal('InternalFailure', 500));
    expect(await ask()).toMatchObject({
      name: 'InternalFailure',
      message: 'no',
      $metadata: { httpStatusCode: 500, attempts: 6 },
    });
    expect(seen).toHaveLength(6);
  });

  it('is not sent again when AWS denied it', async () => {
    const { seen, ask } = await answering(refusal('AccessDeniedException'), DONE);
    expect(await ask()).toMatchObject({ name: 'AccessDeniedException', $metadata: { attempts: 1 } });
    expect(seen).toHaveLength(1);
  });

  it("is signed again with AWS's time when this machine's clock is wrong", async () => {
    const date = new Date(Date.now() + 3_600_000);
    const { seen, ask } = await answering(
      refusal('InvalidSignatureException', 403, { date: date.toUTCString() }),
      DONE,
    );
    expect(await ask()).toMatchObject({ clusters: [] });
    const hour = date.toISOString().replace(/[-:]/g, '').slice(0, 11);
    expect(seen[1]?.['x-amz-date']).toMatch(new RegExp(`^${hour}`));
  });

  it('goes by a connection that the clients of a session share', async () => {
    const { seen, config, ask } = await answering(DONE);
    await ask();
    await ask();
    await cloudwatchAlarms({ clientConfig: () => config }, 'deploy')
      .alarms(['a'])
      .catch(() => {});
    expect(seen).toHaveLength(3);
    const [server] = servers;
    const connections = await new Promise((resolve) => server?.getConnections((_, count) => resolve(count)));
    expect(connections).toBe(1);
  });
});
