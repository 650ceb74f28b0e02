import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mounted } from '../server.ts';
import type { World } from '../world/world.ts';
import { blobAt } from './digest.ts';

const LIFETIME = 60 * 60_000; // virtual milliseconds

interface Address {
  readonly digest: string;
  readonly until: number;
}

const addressesOf = (world: World) =>
  world.state<Record<string, Address>>('layer-addresses', '', '', () => ({}));

/** An address that plays Amazon S3's presigned one: knowing it is enough to get the bytes. */
export function layerAddress(world: World, digest: string): string {
  const secret = randomBytes(24).toString('base64url');
  addressesOf(world)[secret] = { digest, until: world.clock.now() + LIFETIME };
  world.touched();
  return `${world.url}/_local/layers/${secret}`;
}

/** What Amazon S3 answers at such an address. It is asked without credentials, and refuses a request that has some. */
export function layerAddresses(world: World): Mounted {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const secret = (request.url ?? '').split('/').at(-1) ?? '';
    const known = Object.hasOwn(addressesOf(world), secret) ? addressesOf(world)[secret] : undefined;
    const good = known !== undefined && known.until > world.clock.now();
    const bytes = good ? blobAt(world, known.digest) : undefined;
    const status = request.headers.authorization !== undefined ? 400 : bytes === undefined ? 403 : 200;
    response.writeHead(status, { 'content-type': 'application/octet-stream' });
    response.end(status === 200 ? bytes : undefined);
  };
}
