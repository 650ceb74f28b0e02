import { observeConsumer, observeEscrow } from '@tenant-delivery/rotation/distribution/observe';
import type { ObservedEscrow } from '@tenant-delivery/rotation/distribution/snapshot';
import type { Escrow } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Caller, Consumer } from '@tenant-delivery/rotation/ports';
import type { AccessKeys, KeyProof, Trail } from './ports.ts';
import type { Progress } from './progress.ts';
import type { ObservedKey, Snapshot } from './snapshot.ts';

/** Everything outside that one access key has to do with. */
export interface IamAccessKeyWorld {
  readonly caller: Caller;
  readonly keys: AccessKeys;
  readonly trail: Trail;
  readonly escrow: Escrow;
  readonly proof: KeyProof;
  readonly consumers: readonly Consumer[];
}

/** Looks at everything at once. One answer that cannot be had fails the whole: a snapshot has no gaps. */
export async function observeIamAccessKey(
  world: IamAccessKeyWorld,
  progress: Progress | undefined,
): Promise<Snapshot> {
  const open = progress && !progress.closed ? progress : undefined;
  const [caller, user, listed, described, consumers] = await Promise.all([
    world.caller.identity(),
    world.keys.user(),
    world.keys.list(),
    world.escrow.describe(),
    Promise.all(world.consumers.map((consumer) => observeConsumer(consumer, open))),
  ]);
  const fingerprint = (id: string) => fingerprintOf(caller.account, id);
  const there = listed.filter(({ id }) => !progress?.removed.has(fingerprint(id)));
  const [keys, escrow] = await Promise.all([
    Promise.all(
      there.map(
        async (key): Promise<ObservedKey> => ({
          ...key,
          fingerprint: fingerprint(key.id),
          lastUse: await world.keys.lastUse(key.id),
        }),
      ),
    ),
    observeEscrow(
      (version) => world.escrow.read(version),
      described,
      (id) => open?.creates.some(({ version }) => version === id) ?? false,
      fingerprint,
    ),
  ]);
  const [creations, uses] = await Promise.all([
    askTrail(world, strangersOf(keys, escrow, progress)),
    usesOf(world, keys, progress),
  ]);
  return { caller, user, keys, escrow, consumers, creations, uses };
}

/** Keys that neither the journal nor escrow explains. */
function strangersOf(
  keys: readonly ObservedKey[],
  escrow: ObservedEscrow,
  progress: Progress | undefined,
): readonly ObservedKey[] {
  const held = escrow.kind === 'usable' ? escrow.versions.map(({ key }) => key) : [];
  const open = progress && !progress.closed ? progress : undefined;
  const known = [...held, open?.opened.old, open?.created?.key];
  return keys.filter((key) => !known.includes(key.fingerprint));
}

async function askTrail(
  { trail }: IamAccessKeyWorld,
  keys: readonly ObservedKey[],
): Promise<Snapshot['creations']> {
  const asked = keys.map(async ({ id, fingerprint }) => [fingerprint, await trail.creation(id)] as const);
  return Object.fromEntries(await Promise.all(asked));
}

/** CloudTrail explains who still uses the old key; asked from the cut-over until it is disabled. */
async function usesOf(
  { trail }: IamAccessKeyWorld,
  keys: readonly ObservedKey[],
  progress: Progress | undefined,
): Promise<Snapshot['uses']> {
  if (!progress || progress.closed || progress.promotedAt === undefined || progress.cutOverAt === undefined)
    return [];
  const old = keys.find(({ fingerprint }) => fingerprint === progress.opened.old);
  return old?.status === 'Active' ? trail.uses(old.id, progress.cutOverAt) : [];
}
