import { act, closedWindow } from '@tenant-delivery/rotation/distribution/sight';
import { escrowVersion } from '@tenant-delivery/rotation/escrow-version';
import { MOST_CREATES, SETTLE } from '@tenant-delivery/rotation/policy';
import { found, wait } from '@tenant-delivery/rotation/steps-taken';
import { hold } from './reasons.ts';
import {
  alarmed,
  factsOf,
  type GithubDeployKeyMove,
  keyOf,
  type Sight,
  titleOf,
  titlePrefix,
} from './sight.ts';
import { sshFingerprint } from './ssh-key.ts';

/** What is left to do until the private half is in escrow and GitHub has the public half. `undefined` if both are so. */
export function planCreation(sight: Sight): GithubDeployKeyMove | undefined {
  const { seen, progress } = sight;
  const { escrow } = seen;
  if (escrow.kind === 'absent') return hold('ROTATION_ESCROW', 'The escrow secret is gone.');
  if (escrow.kind === 'unusable') return hold('ROTATION_ESCROW', `The escrow secret ${escrow.why}.`);
  const { before } = progress.opened;
  const strangers = seen.keys.filter(
    ({ title, fingerprint }) =>
      title.startsWith(titlePrefix(sight.credential)) &&
      !before.includes(fingerprint) &&
      fingerprint !== progress.created?.key,
  );
  if (strangers.length > 0)
    return hold(
      'ROTATION_STRANGER',
      `The repository has a key under a title of ours that this rotation did not make: ${strangers.map(({ fingerprint }) => fingerprint).join(', ')}.`,
      strangers.map(factsOf),
    );
  return progress.created ? register(sight, progress.created.key) : intoEscrow(sight, escrow.versions);
}

function intoEscrow(
  sight: Sight,
  versions: readonly { readonly version: string; readonly key: string | undefined }[],
): GithubDeployKeyMove {
  const { seen, progress, now } = sight;
  for (const { version, key, publicKey, ended } of progress.attempts)
    if (!ended && versions.some((one) => one.version === version && one.key === key))
      return found({ do: 'escrow', version, key, publicKey }, { key });
  const last = progress.attempts.at(-1);
  if (last && now < last.at + SETTLE)
    return wait(last.at + SETTLE, 'escrow may not yet show the key of the last attempt');
  if (progress.attempts.length >= MOST_CREATES)
    return hold('ROTATION_CREATES_FAILED', 'No new key could be put into escrow.');
  const closed = closedWindow(sight);
  if (closed) return closed;
  const obstacles = seen.consumers.flatMap(({ id, obstacles }) => obstacles.map((one) => `${id}: ${one}`));
  if (obstacles.length > 0)
    return hold('ROTATION_CONSUMER', 'A new key could not be brought to every consumer.', obstacles);
  const version = escrowVersion(sight.credential, sight.generation, progress.attempts.length);
  const { candidate } = seen;
  return act(sight, { do: 'escrow', version, key: sshFingerprint(candidate), publicKey: candidate });
}

function register(sight: Sight, key: string): GithubDeployKeyMove | undefined {
  const { progress, policy, now } = sight;
  const publicKey = progress.attempts.find((one) => one.key === key)?.publicKey ?? '';
  const there = keyOf(sight, key);
  const step = { do: 'register', key, publicKey, title: titleOf(sight), access: policy.access } as const;
  if (progress.registeredAt === undefined) return there ? found(step) : act(sight, step);
  if (!there && now < progress.registeredAt + SETTLE)
    return wait(progress.registeredAt + SETTLE, 'GitHub may not yet list the new key');
  if (!there)
    return alarmed(sight, hold('ROTATION_KEY_GONE', `The new key ${key} is gone.`, [`it was ${publicKey}`]));
  return there.enabled && there.verified
    ? undefined
    : alarmed(sight, hold('ROTATION_INTERFERED', `The new key ${key} is disabled.`, [factsOf(there)]));
}
