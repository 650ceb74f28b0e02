import { parentPort, workerData } from 'node:worker_threads';
import type { Pick, Told } from '@tenant-delivery/rotation/test/schedules';
import { ROTATING, type Rotating } from './rotating.ts';

/**
 * Of what follows a first trouble, one of so many is played: about 3,000 schedules of a kind. `npm run proof` plays all.
 * An access key, and a grant, are played whole.
 */
const ONE_OF: Readonly<Record<Rotating, number>> = {
  'iam-access-key': 1,
  'secrets-manager': 8,
  'github-deploy-key': 12,
  'github-app-key': 5,
  'vpn-psk': 3,
  'pull-through': 3,
  'break-glass': 1,
};

/** One core's part of every story of a kind: the branches whose turn it is. */
const { kind, shard, shards } = workerData as {
  // by rotation.ts
  readonly kind: Rotating;
  readonly shard: number;
  readonly shards: number;
};
let turn = 0; // counted on from branch to branch, so that not always the same places are taken
const pick: Pick = (index, depth) => {
  if (depth === 0) return index % shards === shard;
  turn += 1;
  return turn % ONE_OF[kind] === 0;
};
const told: Record<string, Told> = {};
for (const [name, story] of Object.entries(ROTATING[kind].stories)) told[name] = await story.play(pick);
const { user, system } = process.threadCpuUsage();
parentPort?.postMessage({ told, seconds: (user + system) / 1_000_000 });
