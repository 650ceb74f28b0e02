import { observeConsumer, observeEscrow } from '@tenant-delivery/rotation/distribution/observe';
import type { ObservedConsumer, ObservedEscrow } from '@tenant-delivery/rotation/distribution/snapshot';
import type { DeployKey, GithubDeployKeyWorld } from './ports.ts';
import type { Progress } from './progress.ts';
import { sshFingerprint } from './ssh-key.ts';

export interface ObservedDeployKey extends DeployKey {
  readonly fingerprint: string;
}

/** Everything that a plan rests on, all of it observed: there is no snapshot with gaps. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly repository: string;
  /** `absent`: GitHub shows no such repository. */
  readonly keys: readonly ObservedDeployKey[] | 'absent';
  readonly escrow: ObservedEscrow;
  readonly consumers: readonly ObservedConsumer[];
  /** The public half of a pair that this run has in memory, to be the next one. */
  readonly candidate: string;
}

/** Looks at everything at once. One answer that cannot be had fails the whole. */
export async function observeGithubDeployKey(
  world: GithubDeployKeyWorld,
  progress: Progress | undefined,
  candidate: string,
): Promise<Snapshot> {
  const open = progress && !progress.closed ? progress : undefined;
  const [caller, listed, described, consumers] = await Promise.all([
    world.caller.identity(),
    world.keys.list(),
    world.escrow.describe(),
    Promise.all(world.consumers.map((consumer) => observeConsumer(consumer, open))),
  ]);
  const keys =
    listed === 'absent'
      ? listed
      : listed.map((key) => ({ ...key, fingerprint: sshFingerprint(key.publicKey) }));
  const escrow = await observeEscrow(
    (version) => world.escrow.read(version),
    described,
    (id) => open?.attempts.some(({ version }) => version === id) ?? false,
    sshFingerprint,
  );
  return { caller, repository: world.repository, keys, escrow, consumers, candidate };
}
