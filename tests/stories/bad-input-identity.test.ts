import { sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { claimsOf } from '@tenant-delivery/local-github/oidc/claims';
import { newSigningKey, type SigningKey } from '@tenant-delivery/local-github/oidc/signing-key';
import { beginRun, expectRefusedUnrecorded, type Played } from '../stage/played-run.ts';
import { openStage } from '../stage/stage.ts';

let stage: Stage;
let tokens: Server;
let token = '';

beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
  tokens = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: token }));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  tokens.listen(0, '127.0.0.1', resolve);
  await promise;
}, 60_000);
afterAll(async () => {
  tokens.close();
  await stage.platform.close();
});

/** What open-change says when its job is given a token with these claims, signed by this key. */
async function openedWith(
  change: Readonly<Record<string, string | number>>,
  key: SigningKey = stage.platform.github.world.signingKey(),
): Promise<Played> {
  const run = await beginRun(stage.platform);
  const { port } = tokens.address() as AddressInfo; // it listens
  const { world } = stage.platform.github;
  const claims = { ...claimsOf(world, run.job('build'), 'sts.amazonaws.com'), ...change };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ typ: 'JWT', alg: 'RS256', kid: key.keyId })}.${part(claims)}`;
  token = `${content}.${sign('sha256', Buffer.from(content), key.privateKey).toString('base64url')}`;
  const url = `http://127.0.0.1:${port}/token?api-version=2.0`;
  return run.step('build', 'open-change', {}, { ACTIONS_ID_TOKEN_REQUEST_URL: url });
}

describe('an identity token opens nothing', () => {
  it('when it has expired', async () => {
    const past = Math.floor(stage.platform.aws.clock.now() / 1000) - 3600;
    const played = await openedWith({ iat: past, nbf: past, exp: past + 300 });
    expectRefusedUnrecorded(played, 'OIDC_TOKEN_EXPIRED', 'had expired when AWS saw it');
  });

  it('when it is for another audience', async () => {
    const played = await openedWith({ aud: 'https://example.org' });
    expectRefusedUnrecorded(played, 'OIDC_AUDIENCE_WRONG', 'the audience https://example.org');
  });

  it('when somebody else signed it', async () => {
    const key = newSigningKey();
    const { keyId } = stage.platform.github.world.signingKey();
    const played = await openedWith({}, { ...key, keyId });
    expectRefusedUnrecorded(played, 'OIDC_TOKEN_REFUSED', "does not accept this job's OIDC token");
  });

  it('when it comes from another issuer', async () => {
    const played = await openedWith({ iss: 'https://issuer.example.org' });
    expectRefusedUnrecorded(played, 'OIDC_TOKEN_REFUSED', 'AWS account 000011112222 does not accept');
  });

  it('when it is of a repository of the same name with another number', async () => {
    const played = await openedWith({ repository_id: '1' });
    expectRefusedUnrecorded(played, 'ROLE_NOT_ASSUMED', 'td-prod-build');
    expect(played.lines.join('\n')).toContain('repository: acme/orders (repository_id 1');
  });

  it('and is never shown', async () => {
    const played = await openedWith({ aud: 'https://example.org' });
    const shown = played.lines.filter((line) => !line.startsWith('::add-mask::')).join('\n');
    expect(token.length).toBeGreaterThan(100);
    for (const part of token.split('.')) expect(`${shown}${played.summary}`).not.toContain(part);
  });
});
