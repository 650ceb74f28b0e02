import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { assumeRoleWithWebIdentity, stsEndpoint } from '../src/session/web-identity.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const GIVEN = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>a+b/c=</SecretAccessKey><SessionToken>t&amp;1</SessionToken>
<Expiration>2026-11-24T10:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

function refusal(code: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no &lt;b&gt;</Message></Error></ErrorResponse>`;
}

/** Asks a server that answers with each of `answers` in turn; `cut` ends the connection without one. */
async function ask(...answers: readonly (readonly [number, string] | 'cut')[]) {
  let asked = 0;
  const forms: string[] = [];
  const answer: RequestListener = (request, response) => {
    const next = answers[Math.min(asked, answers.length - 1)] ?? 'cut';
    asked += 1;
    let form = '';
    request.on('data', (chunk) => {
      form += chunk;
    });
    request.on('end', () => {
      forms.push(form);
      if (next === 'cut') response.socket?.destroy();
      else response.writeHead(next[0], { 'content-type': 'text/xml' }).end(next[1]);
    });
  };
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const identity = {
    roleArn: 'arn:aws:iam::000011112222:role/td/prod/td-prod-build',
    sessionName: 's',
    token: 'a.b+c',
  };
  const asking = {
    env: { AWS_ENDPOINT_URL: url },
    region: 'eu-west-1',
    userAgent: 'test',
    clock: fakeClock(),
    onAsked: () => {},
  };
  const outcome = await assumeRoleWithWebIdentity(identity, asking).then(
    (credentials) => credentials,
    (thrown: { name: string; message: string; code?: string }) => thrown,
  );
  return { outcome, forms };
}

describe('the first call of an action', () => {
  it('sends the identity as a form and reads the credentials, entities and all', async () => {
    const { outcome, forms } = await ask([200, GIVEN]);
    expect(outcome).toEqual({
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 'a+b/c=',
      sessionToken: 't&1',
      expiration: new Date('2026-11-24T10:00:00Z'),
    });
    expect(Object.fromEntries(new URLSearchParams(forms[0]))).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      WebIdentityToken: 'a.b+c',
    });
  });

  it.each([
    ['throttled', [400, refusal('Throttling')]],
    ['failing', [503, '<html>busy</html>']],
    ['cut off', 'cut'],
  ] as const)('is tried again when it was %s', async (_, trouble) => {
    const { outcome, forms } = await ask(trouble, trouble, [200, GIVEN]);
    expect(outcome).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
    expect(forms).toHaveLength(3);
  });

  it('is not repeated when AWS has refused it, and says what AWS said', async () => {
    const { outcome, forms } = await ask([403, refusal('AccessDenied')], [200, GIVEN]);
    expect(outcome).toMatchObject({
      name: 'AccessDenied',
      message: 'no <b>',
      $metadata: { httpStatusCode: 403, attempts: 1 },
    });
    expect(forms).toHaveLength(1);
  });

  it.each([
    ['is empty', ''],
    ['lacks the session token', GIVEN.replace(/<SessionToken>.*<\/SessionToken>/, '')],
    ['has an empty secret', GIVEN.replace('a+b/c=', '')],
    ['has no readable end', GIVEN.replace('2026-11-24T10:00:00Z', 'soon')],
  ])('fails when a 200 %s: it is never taken for an identity', async (_, body) => {
    const { outcome } = await ask([200, body]);
    expect(outcome).toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });

  it.each([
    ['https://sts.eu-west-1.amazonaws.com', 'eu-west-1', {}],
    ['https://sts.cn-north-1.amazonaws.com.cn', 'cn-north-1', {}],
    ['https://sts-fips.us-east-1.amazonaws.com', 'us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }],
    ['http://a', 'eu-west-1', { AWS_ENDPOINT_URL: 'http://a' }],
    ['http://b', 'eu-west-1', { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_STS: 'http://b' }],
  ])('goes to %s', (endpoint, region, env) => {
    expect(stsEndpoint({ region, env })).toBe(endpoint);
  });
});
