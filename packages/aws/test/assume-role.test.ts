import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { webIdentityRoles } from '../src/session/assume-role.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  delete process.env['AWS_ENDPOINT_URL'];
  for (const server of servers.splice(0)) server.close();
});

const GIVEN = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>a+b/c=</SecretAccessKey><SessionToken>t&amp;1</SessionToken>
<Expiration>2026-11-24T10:00:00Z</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::000011112222:assumed-role/td-prod-build/s</Arn></AssumedRoleUser></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

function refusal(code: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no &lt;b&gt;</Message></Error></ErrorResponse>`;
}

/** Asks a server that answers with each of `answers` in turn; `cut` ends the connection without one. */
async function ask(...answers: readonly (readonly [number, string] | 'cut')[]) {
  const seen: { readonly headers: IncomingHttpHeaders; readonly form: string }[] = [];
  const answer: RequestListener = (request, response) => {
    let form = '';
    request.on('data', (chunk) => {
      form += chunk;
    });
    request.on('end', () => {
      const next = answers[Math.min(seen.length, answers.length - 1)] ?? 'cut';
      seen.push({ headers: request.headers, form });
      if (next === 'cut') response.socket?.destroy();
      else response.writeHead(next[0], { 'content-type': 'text/xml' }).end(next[1]);
    });
  };
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  process.env['AWS_ENDPOINT_URL'] = url;
  const asked = Promise.withResolvers<void>();
  const base = { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test run/7.1' };
  const outcome = await webIdentityRoles(
    base,
    asked.resolve,
  )({
    roleArn: 'arn:aws:iam::000011112222:role/td/prod/td-prod-build',
    sessionName: 's',
    token: 'a.b+c',
  }).catch((thrown: unknown) => thrown);
  await asked.promise;
  return { outcome, seen };
}

describe('the first call of an action', () => {
  it('sends the identity as a form and reads the credentials, entities and all', async () => {
    const { outcome, seen } = await ask([200, GIVEN]);
    expect(outcome).toEqual({
      credentials: {
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: 'a+b/c=',
        sessionToken: 't&1',
        expiration: new Date('2026-11-24T10:00:00Z'),
      },
      identity: {
        account: '000011112222',
        arn: 'arn:aws:sts::000011112222:assumed-role/td-prod-build/s',
        partition: 'aws',
      },
    });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.form))).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: 'arn:aws:iam::000011112222:role/td/prod/td-prod-build',
      RoleSessionName: 's',
      WebIdentityToken: 'a.b+c',
    });
  });

  it("is not signed, though the job's environment has credentials, and says which run asks", async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAOFTHEJOB';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'not-a-secret';
    const { seen } = await ask([200, GIVEN]);
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
    expect(seen[0]?.headers['user-agent']).toMatch(/ td\/test run\/7\.1$/);
  });

  it.each([
    ['throttled', [400, refusal('Throttling')]],
    ['failing', [503, '<html>busy</html>']],
    ['cut off', 'cut'],
  ] as const)('is tried again when it was %s', async (_, trouble) => {
    const { outcome, seen } = await ask(trouble, trouble, [200, GIVEN]);
    expect(outcome).toMatchObject({ credentials: { accessKeyId: 'ASIAEXAMPLE' } });
    expect(seen).toHaveLength(3);
  });

  it('is not repeated when AWS has refused it, and says what AWS said', async () => {
    const { outcome, seen } = await ask([403, refusal('AccessDenied')], [200, GIVEN]);
    expect(outcome).toMatchObject({
      name: 'AccessDenied',
      message: 'no <b>',
      $metadata: { httpStatusCode: 403, attempts: 1 },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['is empty', ''],
    ['lacks the session token', GIVEN.replace(/<SessionToken>.*<\/SessionToken>/, '')],
    ['has an empty secret', GIVEN.replace('a+b/c=', '')],
    ['does not say whose they are', GIVEN.replace(/<AssumedRoleUser>.*<\/AssumedRoleUser>/, '')],
    ['says no end', GIVEN.replace(/<Expiration>.*<\/Expiration>/, '')],
  ])('fails when a 200 %s: it is never taken for an identity', async (_, body) => {
    const { outcome } = await ask([200, body]);
    expect(outcome).toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });

  it('fails when the end of the credentials is no time', async () => {
    const { outcome } = await ask([200, GIVEN.replace('2026-11-24T10:00:00Z', 'soon')]);
    expect(outcome).toMatchObject({ name: 'SyntaxError', message: 'the answer cannot be read' });
  });
});
