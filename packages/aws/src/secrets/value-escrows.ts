import { appKeyFingerprint, publicHalfOf } from '@tenant-delivery/credentials/github-app-key/app-fingerprint';
import type { GithubAppKeyEscrow } from '@tenant-delivery/credentials/github-app-key/ports';
import type { GithubDeployKeyWorld } from '@tenant-delivery/credentials/github-deploy-key/ports';
import { publicKeyOf, sshFingerprint } from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import type { ClientConfig } from '../session/client-config.ts';
import { escrowSecret } from './escrow-secret.ts';

interface ValueSettings {
  /** Name or ARN of the secret. */
  readonly secret: string;
  readonly masker: Masker;
}

/** A pair whose id is its public half, derived from the private one. `undefined`: the text is not such a key. */
function pairOf(
  text: string | undefined,
  publicOf: (text: string) => string | undefined,
  fingerprint: (half: string) => string,
  masker: Masker,
): KeyPair | undefined {
  const half = text === undefined ? undefined : publicOf(text);
  if (text === undefined || half === undefined) return undefined;
  return { id: half, secret: Secret.born(text, fingerprint(half), masker) };
}

/** The secret that holds a deploy key's private half in OpenSSH's format, and nothing else. */
export function sshKeyEscrow(
  config: ClientConfig,
  once: ClientConfig,
  { secret, masker }: ValueSettings,
): GithubDeployKeyWorld['escrow'] {
  const held = escrowSecret(config, once, secret);
  return {
    describe: held.describe,
    read: async (version) => pairOf((await held.read(version))?.text, publicKeyOf, sshFingerprint, masker),
    put: (version, key) => held.put(version, key.secret.reveal()),
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}

/** The secret where people put an App's keys: the files that GitHub let them download. We only read it. */
export function githubAppKeyEscrow(
  config: ClientConfig,
  once: ClientConfig,
  { secret, masker }: ValueSettings,
): GithubAppKeyEscrow {
  const held = escrowSecret(config, once, secret);
  return {
    describe: held.describe,
    read: async (version) => {
      const found = await held.read(version);
      if (!found) return undefined;
      return {
        pair: pairOf(found.text, publicHalfOf, appKeyFingerprint, masker),
        createdAt: found.createdAt,
      };
    },
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}
