import type { Reason } from '@tenant-delivery/rotation/plan';
import { appKeyFingerprint } from './app-fingerprint.ts';
import type { Proved } from './facts.ts';
import type { GithubAppKeyWorld } from './ports.ts';
import { reason } from './reasons.ts';

/** The stored key signs for the App, and a token of an installation can be had by it. */
export async function proveGithubAppKey(
  { escrow, door, app }: GithubAppKeyWorld,
  version: string,
): Promise<{ readonly note: Proved } | { readonly failed: Reason }> {
  const pair = (await escrow.read(version))?.pair;
  if (!pair) return { failed: reason('ROTATION_ESCROW', `Escrow holds no key of an App as ${version}.`) };
  const key = appKeyFingerprint(pair.id);
  const of = await door.whose(pair);
  if (of !== app) {
    const whose = of === 'rejected' ? 'no App has it' : `it is of the App ${of}`;
    return { failed: reason('ROTATION_PROOF_FAILED', `GitHub does not take the key ${key}: ${whose}.`) };
  }
  const done = await door.exercise(pair);
  if ('failed' in done)
    return { failed: reason('ROTATION_PROOF_FAILED', `The key ${key} gets no token: ${done.failed}.`) };
  const installation = String(done.installation);
  return { note: { kind: 'proved', version, key, app: String(app), installation } };
}
