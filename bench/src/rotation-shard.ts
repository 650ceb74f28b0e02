import { parentPort, workerData } from 'node:worker_threads';
import { playStory } from '@tenant-delivery/rotation/test/crash-schedules';
import type { Told } from '@tenant-delivery/rotation/test/schedules';
import { STORIES } from '@tenant-delivery/rotation/test/stories';

/** One core's part of every story: the branches whose turn it is. */
const { shard, shards } = workerData as { readonly shard: number; readonly shards: number }; // by rotation.ts
const told: Record<string, Told> = {};
for (const [name, story] of Object.entries(STORIES))
  told[name] = await playStory(story, (index, depth) => depth > 0 || index % shards === shard);
const { user, system } = process.threadCpuUsage();
parentPort?.postMessage({ told, seconds: (user + system) / 1_000_000 });
