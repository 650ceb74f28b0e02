import { subscribe } from 'node:diagnostics_channel';

/** Work that is measured as it grows. Each file in `growth/` is one row: a program that hands its row to `measureRow`. */
export interface GrowthRow {
  /** What is done: `verify and render changes`. */
  readonly work: string;
  /** The smallest size. `npm run bench -- growth` runs the file for n, 2n, 4n and 8n, each in a process of its own. */
  readonly n: number;
  /**
   * The most that 8n may cost, as a multiple of what n costs: about 10 if the work may grow with its size, 1 if it may
   * not grow. A row that gives no `calls` counts none, and one that gives no `memory` does not look at it.
   */
  readonly atMost: { readonly processor: number; readonly calls?: number; readonly memory?: number };
  /** Makes everything that the work needs at one size. What this costs is not measured. */
  setUp(size: number): Promise<Prepared>;
}

export interface Prepared {
  /** Does the work once. What this costs is measured. */
  run(): Promise<Cost>;
  /** Stops the servers that `setUp` started. */
  close?(): Promise<void>;
}

/** What this process cannot see by itself; a row that leaves a member out has it measured here. */
export interface Cost {
  /** Milliseconds of processor time, if another process did the work, or if a server in this process did most of it. */
  readonly processor?: number;
  /** Requests, if they were made without HTTP (a double in memory) or by another process. */
  readonly calls?: number;
  /** The most memory that the process had, in megabytes, if another process did the work. */
  readonly memory?: number;
}

/** One row at one size, as its process prints it. */
export interface Measured {
  readonly work: string;
  readonly size: number;
  readonly processor: number;
  readonly calls: number;
  readonly memory: number;
  readonly atMost: GrowthRow['atMost'];
}

/** Measures a row at n times TIMES, which `growth.ts` sets, and prints it as one line of JSON. */
export async function measureRow({ work, n, atMost, setUp }: GrowthRow): Promise<void> {
  const size = n * Number(process.env['TIMES'] ?? 1);
  const { run, close } = await setUp(size);
  const sent = countRequests();
  const before = process.cpuUsage();
  const cost = await run();
  const { user, system } = process.cpuUsage(before);
  const calls = cost.calls ?? sent();
  await close?.();
  const measured: Measured = {
    work,
    size,
    processor: cost.processor ?? (user + system) / 1000,
    calls,
    memory: cost.memory ?? (process.resourceUsage().maxRSS * 1024) / 1e6,
    atMost,
  };
  console.log(JSON.stringify(measured));
}

/** Requests that this process sends from now on, with node:http (the SDK) or with fetch (Octokit). */
function countRequests(): () => number {
  let sent = 0;
  const count = () => {
    sent += 1;
  };
  for (const channel of ['http.client.request.start', 'undici:request:create']) subscribe(channel, count);
  return () => sent;
}
