import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Caller } from '@tenant-delivery/rotation/ports';
import type { CacheRules, UpstreamSecret } from './ports.ts';
import type { ObservedVersion, Snapshot } from './snapshot.ts';

/** Everything outside that the credential of an upstream registry has to do with. */
export interface PullThroughWorld {
  readonly caller: Caller;
  readonly secret: UpstreamSecret;
  readonly rules: CacheRules;
  /** The fingerprint that was given with this run, and who gave it. */
  readonly acknowledged: Snapshot['acknowledged'];
}

/** Looks at everything at once. One answer that cannot be had fails the whole. */
export async function observePullThrough(world: PullThroughWorld): Promise<Snapshot> {
  const [caller, secret, rules] = await Promise.all([
    world.caller.identity(),
    world.secret.describe(),
    world.rules.list(),
  ]);
  const { acknowledged } = world;
  if (secret.kind !== 'usable') return { caller, secret, rules: [], acknowledged };
  const versions = secret.versions.map(
    (version): ObservedVersion => ({ ...version, fingerprint: fingerprintOf(caller.account, version.id) }),
  );
  const labelled = (stage: string) => versions.find(({ stages }) => stages.includes(stage));
  const [current, pending] = [labelled(CURRENT), labelled(PENDING)];
  return {
    caller,
    secret: { kind: 'usable', current, staged: pending === current ? undefined : pending, versions },
    rules: rules.filter(({ credential }) => credential === secret.arn),
    acknowledged,
  };
}
