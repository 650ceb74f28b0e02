import { DAY, MINUTE } from '@tenant-delivery/domain';
import { act, closedWindow } from '@tenant-delivery/rotation/distribution/sight';
import { escrowVersion } from '@tenant-delivery/rotation/escrow-version';
import { LEASE } from '@tenant-delivery/rotation/lease';
import { MOST_CREATES, SETTLE } from '@tenant-delivery/rotation/policy';
import { found, wait } from '@tenant-delivery/rotation/steps-taken';
import { TRAIL_PATIENCE } from './policy.ts';
import type { Create } from './progress.ts';
import { hold } from './reasons.ts';
import { alarmed, factsOf, type IamAccessKeyMove, keyOf, type Sight } from './sight.ts';
import type { ObservedKey } from './snapshot.ts';

/** What is left to do until the new key's secret is in escrow. `undefined` if it is there and no unexpected key is. */
export function planCreation(sight: Sight): IamAccessKeyMove | undefined {
  const { seen, progress, now } = sight;
  const { escrow } = seen;
  if (escrow.kind === 'absent') return hold('ROTATION_ESCROW', 'The escrow secret is gone.');
  if (escrow.kind === 'unusable') return hold('ROTATION_ESCROW', `The escrow secret ${escrow.why}.`);
  const { created } = progress;
  const strangers = seen.keys.filter(
    ({ fingerprint }) => !progress.opened.before.includes(fingerprint) && fingerprint !== created?.key,
  );
  if (created) {
    if (strangers.length > 0) return foreign(sight, strangers);
    const young = now < created.at + SETTLE; // IAM's lists may be a little behind
    const made = keyOf(sight, created.key);
    if (!made && !young)
      return alarmed(sight, hold('ROTATION_KEY_GONE', `The new key ${created.key} is gone.`));
    return made?.status === 'Inactive'
      ? alarmed(sight, hold('ROTATION_INTERFERED', `Somebody made the new key ${created.key} Inactive.`))
      : undefined;
  }
  for (const { version, ended } of progress.creates) {
    const held = escrow.versions.find((one) => one.version === version)?.key;
    // A journal that was lost or moved starts at generation 1 again, where the same version of escrow holds the old key.
    const made = held !== undefined && !progress.opened.before.includes(held) && keyOf(sight, held);
    if (!ended && made) return found({ do: 'create', version }, { key: held });
  }
  if (strangers.length > 0)
    return progress.creates.length > 0 ? orphan(sight, strangers) : foreign(sight, strangers);
  return create(sight);
}

function create(sight: Sight): IamAccessKeyMove {
  const { seen, progress, now } = sight;
  const last = progress.creates.at(-1);
  if (last && now < last.at + SETTLE)
    return wait(last.at + SETTLE, 'IAM may not yet list the key of the last attempt');
  if (progress.creates.length >= MOST_CREATES)
    return hold('ROTATION_CREATES_FAILED', 'No new key could be made and kept.');
  const closed = closedWindow(sight);
  if (closed) return closed;
  const obstacles = seen.consumers.flatMap(({ id, obstacles }) => obstacles.map((one) => `${id}: ${one}`));
  if (obstacles.length > 0)
    return hold('ROTATION_CONSUMER', 'A new key could not be brought to every consumer.', obstacles);
  const version = escrowVersion(sight.credential, sight.generation, progress.creates.length);
  return act(sight, { do: 'create', version });
}

/** One of our attempts may have made this key. CloudTrail says who made it, and it must never have been used. */
function orphan(sight: Sight, strangers: readonly ObservedKey[]): IamAccessKeyMove {
  const { seen, progress, now } = sight;
  const [key, second] = strangers;
  if (!key || second) return foreign(sight, strangers);
  const made = seen.creations[key.fingerprint];
  if (!made) {
    const until = key.createdAt + TRAIL_PATIENCE;
    if (now < until)
      return wait(Math.min(until, now + 5 * MINUTE), 'CloudTrail has not yet said who made the new key');
    return hold(
      'ROTATION_UNATTRIBUTED',
      `Nobody knows who made the key ${key.fingerprint}.`,
      factsOf(seen, key),
    );
  }
  const ours = progress.creates.some((create) => madeBy(create, made.by, made.at));
  if (!ours || key.lastUse !== 'never') return foreign(sight, strangers);
  // IAM's lists may be a little behind
  const disabled = key.status === 'Inactive' || now < (progress.orphans.get(key.fingerprint) ?? 0) + SETTLE;
  return !disabled
    ? act(sight, { do: 'disable-orphan', key: key.fingerprint })
    : act(sight, { do: 'delete-orphan', key: key.fingerprint });
}

const SKEW = 5000; // milliseconds: CloudTrail keeps whole seconds, and so do the answers that told us the time

function madeBy(create: Create, by: string, at: number): boolean {
  return by === create.session && at >= create.at - SKEW && at <= create.at + LEASE;
}

function foreign(sight: Sight, strangers: readonly ObservedKey[]): IamAccessKeyMove {
  const { policy, now } = sight;
  const agreed = strangers.find(({ fingerprint }) => fingerprint === policy.resolve);
  if (agreed && mayBeDeleted(agreed, policy.maxAge, now))
    return act(sight, { do: 'delete-orphan', key: agreed.fingerprint });
  return hold(
    'ROTATION_STRANGER',
    `The user has a key that this rotation did not make: ${strangers.map(({ fingerprint }) => fingerprint).join(', ')}.`,
    strangers.flatMap((key) => factsOf(sight.seen, key)),
  );
}

/** An unknown key that an operator wants deleted must be Inactive, and unused for as long as a key may live. */
export function mayBeDeleted(
  { status, lastUse, createdAt }: ObservedKey,
  maxAge: number,
  now: number,
): boolean {
  const unusedSince = lastUse === 'never' ? createdAt : lastUse.at;
  return status === 'Inactive' && now >= unusedSince + Math.min(maxAge, 60 * DAY);
}
