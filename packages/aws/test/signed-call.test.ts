import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { endpointOf } from '../src/by-hand/service-endpoint.ts';
import {
  childOf,
  childrenOf,
  jsonCaller,
  queryCaller,
  restCaller,
  textOf,
} from '../src/by-hand/signed-call.ts';
import { ECR } from '../src/ecr/ecr-service.ts';
import { clientConfig } from '../src/session/client-config.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const CLOUDWATCH = {
  name: 'monitoring',
  variable: 'CLOUDWATCH',
  target: 'GraniteServiceVersion20100801',
  version: '1.0',
} as const;
const IAM = { name: 'iam', variable: 'IAM', version: '2010-05-08', global: true } as const;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that answers with each of `answers` in turn; `cut` ends the connection, `short` in the middle of a body. */
async function answering(...answers: readonly (Answer | 'cut' | 'short')[]) {
  const seen: {
    readonly url: string | undefined;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const next = answers[Math.min(seen.length, answers.length - 1)] ?? 'cut';
      seen.push({ url: request.url, headers: request.headers, body });
      if (next === 'cut') response.socket?.destroy();
      else if (next === 'short') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"half":', () => response.socket?.destroy());
      } else response.writeHead(next.status, next.headers).end(next.body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  return { seen, env: { AWS_ENDPOINT_URL: url } };
}

const config = () =>
  clientConfig({ region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' }, async () => ({
    accessKeyId: 'AKIA',
    secretAccessKey: 'not-a-secret',
    sessionToken: 'a-token',
    expiration: new Date(Date.now() + 3_600_000),
  }));

const thrown = (error: unknown) => error;
const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });

describe('a signed call', () => {
  it('names the operation, signs the body for the service and its region, and answers the JSON', async () => {
    const { seen, env } = await answering(ok({ MetricAlarms: [] }));
    const answer = await jsonCaller(CLOUDWATCH, config(), env)('DescribeAlarms', { AlarmNames: ['a'] });
    expect(answer).toEqual({ MetricAlarms: [] });
    expect(seen).toMatchObject([
      {
        body: '{"AlarmNames":["a"]}',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms',
          'x-amz-security-token': 'a-token',
          'user-agent': 'td/test',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/monitoring\//,
          ),
        },
      },
    ]);
  });

  it('sends a query as a form, to a global service for the region that its partition keeps it in', async () => {
    const body = '<R><Result><A>x &amp; y</A><L><m>1</m><m>2</m></L><E/></Result></R>';
    const { seen, env } = await answering({ status: 200, body });
    const root = await queryCaller(IAM, config(), env)('GetRole', { RoleName: 'td+1' });
    const result = childOf(root, 'Result');
    expect(textOf(result, 'A')).toBe('x & y');
    expect(childrenOf(childOf(result, 'L'), 'm')).toEqual(['1', '2']);
    expect([textOf(result, 'E'), textOf(result, 'none')]).toEqual(['', undefined]);
    expect(seen[0]?.headers['authorization']).toContain('/us-east-1/iam/');
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      Action: 'GetRole',
      Version: '2010-05-08',
      RoleName: 'td+1',
    });
  });

  it('goes to the path of an operation of restJson, and reads its error from the header', async () => {
    const refusal = {
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' },
      body: '{"message":"no"}',
    };
    const { seen, env } = await answering(ok({ coveredResources: [] }), refusal);
    const call = restCaller({ name: 'inspector2', variable: 'INSPECTOR2' }, config(), env);
    expect(await call('/coverage/list', { maxResults: 1 })).toEqual({ coveredResources: [] });
    expect(await call('/coverage/list', {}).catch(thrown)).toMatchObject({
      name: 'AccessDeniedException',
      message: 'no',
    });
    expect(seen[0]).toMatchObject({ url: '/coverage/list', body: '{"maxResults":1}' });
    expect(seen[0]?.headers['authorization']).toContain('/eu-west-1/inspector2/');
  });

  const throttled = {
    status: 400,
    body: '{"__type":"com.amazonaws.x#ThrottlingException","message":"slow"}',
  };
  it.each<[string, Answer | 'cut' | 'short']>([
    ['throttled', throttled],
    ['failing', { status: 503, body: '<html>busy</html>' }],
    ['cut off', 'cut'],
    ['cut off in its answer', 'short'],
  ])('is tried again when it was %s', async (_, trouble) => {
    const { seen, env } = await answering(trouble, trouble, ok({}));
    expect(await jsonCaller(CLOUDWATCH, config(), env)('DescribeAlarms', {})).toEqual({});
    expect(seen).toHaveLength(3);
  });

  it('gives up after as many tries as the SDK, with what AWS said last', async () => {
    const failing = { status: 500, body: '{"__type":"com.amazonaws.x#InternalFailure","message":"slow"}' };
    const { seen, env } = await answering(failing);
    const error = await jsonCaller(CLOUDWATCH, config(), env)('DescribeAlarms', {}).catch(thrown);
    expect(error).toMatchObject({
      name: 'InternalFailure',
      message: 'slow',
      $metadata: { httpStatusCode: 500, attempts: 6 },
    });
    expect(seen).toHaveLength(6);
  });

  const ec2 =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>';
  const query =
    '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
  it.each([
    ['awsQuery', 'AccessDenied', query],
    ['ec2Query', 'UnauthorizedOperation', ec2],
  ])('is not repeated when it was denied in the words of %s', async (_, name, body) => {
    const { seen, env } = await answering({ status: 403, body }, { status: 200, body: '<R/>' });
    const error = await queryCaller(IAM, config(), env)('GetRole', {}).catch(thrown);
    expect(error).toMatchObject({ name, message: 'no', $metadata: { httpStatusCode: 403, attempts: 1 } });
    expect(seen).toHaveLength(1);
  });

  it("is signed again with AWS's time when this machine's clock is wrong", async () => {
    const date = new Date(Date.now() + 3_600_000);
    const skewed = {
      status: 400,
      headers: { date: date.toUTCString() },
      body: '{"__type":"InvalidSignatureException","message":"Signature not yet current"}',
    };
    const { seen, env } = await answering(skewed, ok({}));
    await jsonCaller(CLOUDWATCH, config(), env)('DescribeAlarms', {});
    const hour = date.toISOString().replace(/[-:]/g, '').slice(0, 11);
    expect(seen[1]?.headers['x-amz-date']).toMatch(new RegExp(`^${hour}`));
  });

  it.each([
    ['', { code: 'AWS_EMPTY_REPLY' }],
    ['null', { name: 'SyntaxError' }],
    ['[]', { name: 'SyntaxError' }],
    ['{"token": S3cret}', { name: 'SyntaxError', message: expect.not.stringContaining('S3cret') }],
  ])('fails when a 200 says %j: that is no answer', async (body, error) => {
    const { env } = await answering({ status: 200, body });
    await expect(jsonCaller(CLOUDWATCH, config(), env)('DescribeAlarms', {})).rejects.toMatchObject(error);
  });
});

describe('where a service is', () => {
  const configured = { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_IAM: 'http://b' };
  const FIPS = { AWS_USE_FIPS_ENDPOINT: 'true' };
  const KMS = { name: 'kms', variable: 'KMS', govFips: true };
  it.each([
    ['https://monitoring.eu-west-1.amazonaws.com', CLOUDWATCH, 'eu-west-1', configured, false],
    ['http://a', CLOUDWATCH, 'eu-west-1', configured, true],
    ['http://b', IAM, 'eu-west-1', configured, true],
    ['https://monitoring.cn-north-1.amazonaws.com.cn', CLOUDWATCH, 'cn-north-1', {}, false],
    ['https://iam.amazonaws.com', IAM, 'eu-west-1', {}, false],
    ['https://iam-fips.amazonaws.com', IAM, 'us-east-2', FIPS, false],
    ['https://iam.cn-north-1.amazonaws.com.cn', IAM, 'cn-northwest-1', {}, false],
    ['https://iam.us-gov.amazonaws.com', IAM, 'us-gov-east-1', {}, false],
    ['https://monitoring.us-gov-east-1.amazonaws.com', CLOUDWATCH, 'us-gov-east-1', FIPS, false],
    ['https://api.ecr.eu-west-1.amazonaws.com', ECR, 'eu-west-1', {}, false],
    ['https://api.ecr.cn-north-1.amazonaws.com.cn', ECR, 'cn-north-1', FIPS, false],
    ['https://api.ecr-fips.us-gov-west-1.amazonaws.com', ECR, 'us-gov-west-1', FIPS, false],
    ['https://kms-fips.us-gov-east-1.amazonaws.com', KMS, 'us-gov-east-1', FIPS, false],
  ] as const)('is %s', (url, service, region, env, follow) => {
    expect(endpointOf(service, region, follow, env).url).toBe(url);
  });
});
