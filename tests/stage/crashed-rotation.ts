import { MINUTE } from '@tenant-delivery/domain';
import type { LocalAws } from '@tenant-delivery/local-aws';
import type { ManualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import { type Count, type Death, dyingProcess } from './dying-door.ts';
import type { World } from './opened-run.ts';

export type Given = Readonly<Record<string, string>>;

/** One credential in a world of its own, with those who use it and those who do their part for it. */
export interface Story {
  readonly aws: LocalAws;
  readonly clock: ManualClock;
  readonly apiUrl?: string;
  /** Lets time pass, with all that users do in it. */
  pass(milliseconds: number): Promise<void>;
  /** What people do before the next run, told what the last one said if that lived to say it; what they give to it. */
  people(end: RunEnd | undefined, begun: boolean): Promise<Given>;
  /** One run of what rotate-access opens. */
  run(world: World, given: Given): Promise<RunEnd>;
  /** What was seen that must never be. */
  violations(): readonly string[];
  /** What must be true once it is rotated. */
  judgeEnd(): readonly string[];
  /** Secrets that were there before. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

export interface Played {
  /** Every call that changed something, or was to. */
  readonly calls: readonly string[];
  readonly runs: number;
  readonly lies: readonly string[];
}

const MOST_RUNS = 40;

/** Plays a story to its end; in it one process dies, and the runs after it go on from what it left. */
export async function playCrash(begin: () => Promise<Story>, death?: Death): Promise<Played> {
  const story = await begin();
  const { aws, clock } = story;
  const count: Count = { calls: [], death };
  const store = memoryVault();
  const heard = new Set(story.secrets);
  const lies: string[] = [];
  const said: unknown[] = [];
  let end: RunEnd | undefined;
  let over = false;
  let runs = 0;
  try {
    for (; runs < MOST_RUNS && !over && lies.length === 0; runs += 1) {
      const given = await story.people(end, (await store.list('rotation/')).length > 0);
      const process = dyingProcess(count, store);
      const world = await inside(story, process, (secret) => heard.add(secret));
      const outcome = await story.run(world, given).catch((cause: unknown) => {
        if (process.dead()) return undefined;
        throw cause;
      });
      process.end();
      aimAt(aws.url);
      lies.push(...story.violations());
      end = process.dead() ? undefined : outcome;
      said.push(end);
      over = end?.outcome === 'rotated' || end?.outcome === 'not-due';
      // the next run comes by the schedule, or at once by hand
      const soonest = process.dead() && count.calls.length % 2 === 0 ? MINUTE : 40 * MINUTE;
      if (!over) await story.pass(Math.max((end?.nextEligibleAt ?? 0) - clock.now(), soonest));
      lies.push(...story.violations());
    }
    if (over) lies.push(...story.judgeEnd());
    else if (lies.length === 0) lies.push(`no end after ${runs} runs: ${JSON.stringify(said.at(-1))}`);
    const told = `${await textIn(store)}${JSON.stringify(said)}`;
    if ([...heard].some((secret) => secret.length > 15 && told.includes(secret)))
      lies.push('a secret is in what was written or said');
  } finally {
    await story.close();
  }
  return { calls: count.calls, runs, lies };
}

/** The world as one process reaches it. */
async function inside(
  { aws, clock, apiUrl, pass }: Story,
  process: ReturnType<typeof dyingProcess>,
  heard: (secret: string) => void,
): Promise<World> {
  aimAt(await process.through(aws.url));
  return {
    aws,
    clock,
    vault: process.vault,
    heard,
    ...(apiUrl !== undefined && { apiUrl: await process.through(apiUrl) }),
    pass: async (milliseconds) => {
      if (process.dead()) throw new Error('the process is dead');
      await pass(milliseconds);
    },
  };
}

/** As the runner's environment says it. */
function aimAt(url: string): void {
  process.env['AWS_ENDPOINT_URL'] = url;
}

async function textIn(store: Vault): Promise<string> {
  const stored = await Promise.all((await store.list('rotation/')).map((key) => store.read(key)));
  return stored.map((one) => Buffer.from(one?.bytes ?? []).toString()).join('\n');
}
