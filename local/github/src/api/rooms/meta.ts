import { createHash } from 'node:crypto';
import { ok, type Route } from '../call.ts';
import { open } from '../routes.ts';

/** A host key of this GitHub's own: nothing listens for SSH here. */
const HOST_KEY = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  createHash('sha256').update('local-github').digest(),
]);

export const meta: readonly Route[] = [
  open('GET', '/meta', () =>
    ok({
      verifiable_password_authentication: false,
      ssh_key_fingerprints: {
        SHA256_ED25519: createHash('sha256').update(HOST_KEY).digest('base64').replace(/=+$/, ''),
      },
      ssh_keys: [`ssh-ed25519 ${HOST_KEY.toString('base64')}`],
    }),
  ),
];
