import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { caught } from '@tenant-delivery/rotation/test/kind-stories';
import type { Told } from '@tenant-delivery/rotation/test/schedules';
import { type Figure, round } from './figure.ts';
import { ROTATING, type Rotating } from './rotating.ts';

const CORES = 2;
const TIMED = 'iam-access-key';
const PROMISED = 20_000; // schedules of the kind that is timed
const PROMISED_EACH = 2000; // of every other one

/** Crash schedules of every kind of credential, on two cores, and the plans that must be caught. */
export async function rotation(): Promise<readonly Figure[]> {
  const kinds = Object.keys(ROTATING) as readonly Rotating[]; // of a record with these members
  const figures: Figure[] = [];
  for (const kind of kinds) figures.push(...(await figuresOf(kind)));
  return figures;
}

async function figuresOf(kind: Rotating): Promise<readonly Figure[]> {
  const began = performance.now();
  const shards = await Promise.all(Array.from({ length: CORES }, (_, shard) => played(kind, shard)));
  const seconds = (performance.now() - began) / 1000;
  const busy = Math.max(...shards.map((shard) => shard.seconds));
  const tolds = shards.map(({ told }) => told);
  const all = tolds.flatMap((told) => Object.values(told));
  const schedules = sum(all, ({ schedules }) => schedules);
  console.log(`${kind}:`);
  for (const name of Object.keys(tolds[0] ?? {})) {
    const told = tolds.flatMap((one) => one[name] ?? []);
    const held = sum(told, (one) => one.held);
    console.log(
      `${String(sum(told, (one) => one.schedules)).padStart(6)}  ${name}${held ? `, ${held} held` : ''}`,
    );
  }
  for (const violation of all.flatMap(({ violations }) => violations).slice(0, 10)) console.log(violation);
  console.log(
    `${schedules} schedules in ${round(seconds)} s, ${round(busy)} s of the busier core; at most ${Math.max(...all.map(({ runs }) => runs))} runs each`,
  );
  const missed = await missedControls(kind);
  const bad = sum(all, (one) => one.bad);
  const plans = Object.keys(ROTATING[kind].controls).length;
  console.log(
    `${kind}: ${schedules} schedules, ${bad} bad; ${plans - missed} of ${plans} wrong plans caught\n`,
  );
  const promised = kind === TIMED ? PROMISED : PROMISED_EACH;
  return [
    ...(kind === TIMED
      ? [
          figure(
            `${PROMISED} crash schedules on ${CORES} cores, time of the busier one`,
            (busy / schedules) * PROMISED,
            's',
            60,
          ),
        ]
      : []),
    figure(`${kind}: schedules with an outage, a lost key or no end`, bad, 'schedules', 0),
    figure(
      `${kind}: schedules short of the promised ${promised}`,
      Math.max(0, promised - schedules),
      'schedules',
      0,
    ),
    figure(`${kind}: wrong plans that the harness did not catch`, missed, 'plans', 0),
  ];
}

async function missedControls(kind: Rotating): Promise<number> {
  let missed = 0;
  for (const [name, control] of Object.entries(ROTATING[kind].controls)) {
    const told = await control.play();
    const times = caught(control, told);
    console.log(`${told.bad} of ${told.schedules} schedules are bad with ${name}`);
    if (times === 0) missed += 1;
  }
  return missed;
}

interface Shard {
  readonly told: Readonly<Record<string, Told>>;
  /** Of its processor, which others may share: what a core of its own would take. */
  readonly seconds: number;
}

async function played(kind: Rotating, shard: number): Promise<Shard> {
  const worker = new Worker(new URL('./rotation-shard.ts', import.meta.url), {
    workerData: { kind, shard, shards: CORES },
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
