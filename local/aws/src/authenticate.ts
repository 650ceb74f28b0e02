import { noteUse, servesRequests } from './iam/key-life.ts';
import type { Exchange } from './wire/exchange.ts';
import { type CommonErrors, commonError } from './wire/protocol.ts';
import { type Signature, signedAt, verify } from './wire/signature.ts';
import { keysOf } from './world/keys.ts';
import { AwsError, type Principal } from './world/service.ts';
import type { World } from './world/world.ts';

const SKEW = 15 * 60_000; // milliseconds; AWS refuses a signing date that is further off

/** Operations that AWS serves to callers without credentials. */
const UNSIGNED: ReadonlySet<string> = new Set(['sts:AssumeRoleWithWebIdentity']);

/**
 * Who sent this request, or an error in the protocol's words. The signing date may agree with the world's clock or
 * with the machine's: a client that does not follow a scaled clock (the aws command line) is still a good client.
 */
export function authenticate(
  world: World,
  exchange: Exchange,
  signature: Signature | undefined,
  asked: { readonly service: string; readonly operation: string },
  errors: CommonErrors,
): Principal | undefined {
  const refuse = (kind: keyof CommonErrors, message: string) => commonError(errors, kind, message);
  if (!signature) {
    if (UNSIGNED.has(`${asked.service}:${asked.operation}`)) return undefined;
    if (/(^|&)X-Amz-Signature=/i.test(exchange.query))
      throw new AwsError(
        'NotImplemented',
        'local-aws does not support presigned URLs; sign the request in its header.',
        501,
      );
    throw refuse('unsigned', 'The request is not signed with Signature Version 4.');
  }
  if (exchange.headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4-HMAC'))
    throw new AwsError('NotImplemented', 'local-aws does not verify signatures of single chunks.', 501);
  const key = keysOf(world)[signature.accessKeyId];
  const token = exchange.headers['x-amz-security-token'];
  if (!key || key.sessionToken !== token || !servesRequests(world, key.account, key.accessKeyId))
    throw refuse('unknownKey', 'The security token included in the request is invalid.');
  if (signature.service !== asked.service)
    throw refuse('badSignature', `Credential should be scoped to correct service: '${asked.service}'.`);
  const verdict = verify(exchange, signature, key.secretAccessKey);
  if (verdict.kind === 'altered' && asked.service === 's3')
    throw new AwsError('XAmzContentSHA256Mismatch', verdict.why, 400);
  if (verdict.kind !== 'good') throw refuse('badSignature', verdict.why);
  const at = signedAt(exchange);
  if ([world.clock.now(), Date.now()].every((now) => !(Math.abs(at - now) <= SKEW)))
    throw refuse(
      'skewed',
      `Signature expired: ${exchange.headers['x-amz-date']} is not within 15 minutes of the time here.`,
    );
  if (key.expires !== undefined && key.expires <= world.clock.now())
    throw refuse('expired', 'The security token included in the request is expired');
  noteUse(world, key.account, key.accessKeyId, { service: asked.service, region: signature.region });
  return key;
}
