import { observeConsumer } from '@tenant-delivery/rotation/distribution/observe';
import type { ObservedConsumer } from '@tenant-delivery/rotation/distribution/snapshot';
import { CURRENT, type EscrowState, PENDING } from '@tenant-delivery/rotation/escrow';
import { appKeyFingerprint, shownFingerprint } from './app-fingerprint.ts';
import type { GithubAppKeyWorld } from './ports.ts';
import type { Progress } from './progress.ts';

/** A version of escrow with the key in it, and what GitHub says of that key. */
export interface SeenKey {
  readonly version: string;
  readonly createdAt: number;
  /** `undefined`: what it holds is no RSA key in PEM. */
  readonly held:
    | {
        readonly key: string;
        /** As the App's settings page has it. */
        readonly shown: string;
        /** The App's number, by GitHub. */
        readonly of: number | 'rejected';
      }
    | undefined;
}

export type SeenEscrow =
  | Exclude<EscrowState, { readonly kind: 'usable' }>
  | {
      readonly kind: 'usable';
      readonly current: SeenKey | undefined;
      readonly pending: SeenKey | undefined;
      /** The versions of the open generation, whatever labels they have. */
      readonly old: SeenKey | undefined;
      readonly created: SeenKey | undefined;
    };

/** Everything that a plan rests on, all of it observed: there is no snapshot with gaps. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly app: number;
  readonly secret: string;
  readonly escrow: SeenEscrow;
  readonly consumers: readonly ObservedConsumer[];
}

/** Looks at everything at once. One answer that cannot be had fails the whole. */
export async function observeGithubAppKey(
  world: GithubAppKeyWorld,
  progress: Progress | undefined,
): Promise<Snapshot> {
  const open = progress && !progress.closed ? progress : undefined;
  const [caller, described, consumers] = await Promise.all([
    world.caller.identity(),
    world.escrow.describe(),
    Promise.all(world.consumers.map((consumer) => observeConsumer(consumer, open))),
  ]);
  const escrow = await observeVersions(world, described, open);
  return { caller, app: world.app, secret: world.secret, escrow, consumers };
}

async function observeVersions(
  world: GithubAppKeyWorld,
  described: EscrowState,
  open: Progress | undefined,
): Promise<SeenEscrow> {
  if (described.kind !== 'usable') return described;
  const labelled = (stage: string) => described.versions.find(({ stages }) => stages.includes(stage))?.id;
  const asked = new Map<string, Promise<SeenKey | undefined>>();
  const look = (version: string | undefined) => {
    if (version === undefined) return undefined;
    const asking = asked.get(version) ?? lookAt(world, version);
    asked.set(version, asking);
    return asking;
  };
  const [current, pending, old, created] = await Promise.all([
    look(labelled(CURRENT)),
    look(labelled(PENDING)),
    look(open?.opened.oldVersion),
    look(open?.created?.version),
  ]);
  return { kind: 'usable', current, pending, old, created };
}

async function lookAt({ escrow, door }: GithubAppKeyWorld, version: string): Promise<SeenKey | undefined> {
  const read = await escrow.read(version);
  if (!read) return undefined;
  const { pair, createdAt } = read;
  if (!pair) return { version, createdAt, held: undefined };
  const of = await door.whose(pair);
  return {
    version,
    createdAt,
    held: { key: appKeyFingerprint(pair.id), shown: shownFingerprint(pair.id), of },
  };
}
