import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { playStory } from '@tenant-delivery/rotation/test/crash-schedules';
import type { Told } from '@tenant-delivery/rotation/test/schedules';
import { CONTROL_STORIES } from '@tenant-delivery/rotation/test/stories';
import { type Figure, round } from './figure.ts';

const CORES = 2;
const PROMISED = 20_000; // schedules

/** Every crash schedule of an access key, on two cores, and the plans that must be caught. */
export async function rotation(): Promise<readonly Figure[]> {
  const began = performance.now();
  const shards = await Promise.all(Array.from({ length: CORES }, (_, shard) => played(shard)));
  const seconds = (performance.now() - began) / 1000;
  const busy = Math.max(...shards.map((shard) => shard.seconds));
  const tolds = shards.map(({ told }) => told);
  const all = tolds.flatMap((told) => Object.values(told));
  const schedules = sum(all, ({ schedules }) => schedules);
  for (const name of Object.keys(tolds[0] ?? {})) {
    const told = tolds.flatMap((one) => one[name] ?? []);
    const held = sum(told, (one) => one.held);
    console.log(
      `${String(sum(told, (one) => one.schedules)).padStart(6)}  ${name}${held ? `, ${held} held` : ''}`,
    );
  }
  for (const violation of all.flatMap(({ violations }) => violations).slice(0, 10)) console.log(violation);
  console.log(
    `${schedules} schedules in ${round(seconds)} s, ${round(busy)} s of the busier core; at most ${Math.max(...all.map(({ runs }) => runs))} runs each\n`,
  );
  const missed: string[] = [];
  for (const [name, story] of Object.entries(CONTROL_STORIES)) {
    const told = await playStory(story);
    console.log(`${told.bad} of ${told.schedules} schedules are bad with ${name}`);
    if (told.bad === 0) missed.push(name);
  }
  console.log();
  return [
    figure(
      `${PROMISED} crash schedules on ${CORES} cores, time of the busier one`,
      (busy / schedules) * PROMISED,
      's',
      60,
    ),
    figure(
      'schedules with an outage, a lost key or no end',
      sum(all, ({ bad }) => bad),
      'schedules',
      0,
    ),
    figure('schedules short of the promised number', Math.max(0, PROMISED - schedules), 'schedules', 0),
    figure('wrong plans that the harness did not catch', missed.length, 'plans', 0),
  ];
}

interface Shard {
  readonly told: Readonly<Record<string, Told>>;
  /** Of its processor, which others may share: what a core of its own would take. */
  readonly seconds: number;
}

async function played(shard: number): Promise<Shard> {
  const worker = new Worker(new URL('./rotation-shard.ts', import.meta.url), {
    workerData: { shard, shards: CORES },
  });
  const [posted] = await once(worker, 'message'); // what the shard posts; an error of it rejects
  return posted;
}

function sum(all: readonly Told[], count: (one: Told) => number): number {
  return all.reduce((total, one) => total + count(one), 0);
}

function figure(name: string, value: number, unit: string, target: number): Figure {
  return { bench: 'rotation', figure: name, value: round(value), unit, target };
}
