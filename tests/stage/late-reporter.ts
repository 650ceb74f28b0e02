import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

/** What a world of a suite saw, as local-aws writes it down. */
interface Seen {
  readonly suite?: string;
  readonly stale: Readonly<Record<string, number>>;
  readonly throttled: Readonly<Record<string, number>>;
}

/**
 * Says at the end which stories met a stale reply or a throttled request: the others would pass with a perfect AWS too. Says
 * the seed when a test has failed.
 */
export default class LateReporter {
  onRunComplete(
    _contexts: unknown,
    results: { readonly numFailedTests: number; readonly numFailedTestSuites: number },
  ): void {
    const { LOCAL_AWS_WITNESS: file = '', LOCAL_AWS_SEED: seed } = process.env;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    rmSync(file, { force: true });
    for (const line of linesOf(lines.map((one): Seen => JSON.parse(one)))) process.stderr.write(`${line}\n`);
    if (results.numFailedTests > 0 || results.numFailedTestSuites > 0)
      process.stderr.write(`Play this again with LOCAL_AWS_SEED=${seed}.\n`);
  }
}

/** One line for each story that met any of it, and one with all that did not. */
export function linesOf(all: readonly Seen[]): readonly string[] {
  const stories = Map.groupBy(
    all.filter(({ suite }) => suite?.includes('/stories/')),
    ({ suite = '' }) => basename(suite, '.test.ts'),
  );
  if (stories.size === 0) return [];
  const told = [...stories].sort().map(([name, seen]) => ({
    name,
    stale: totalOf(seen.map(({ stale }) => stale)),
    throttled: totalOf(seen.map(({ throttled }) => throttled)),
  }));
  const met = told.filter(({ stale, throttled }) => stale.size + throttled.size > 0);
  const spared = told.filter(({ stale, throttled }) => stale.size + throttled.size === 0);
  return [
    'What stories met of a late or busy AWS:',
    ...met.map(
      ({ name, stale, throttled }) =>
        `  ${name}: ${[...countsOf('stale', stale), ...countsOf('throttled', throttled)].join('; ')}`,
    ),
    `  These met nothing of it, and would pass without: ${spared.map(({ name }) => name).join(', ') || 'none'}`,
  ];
}

function totalOf(counts: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const [name, count] of counts.flatMap((one) => Object.entries(one)))
    total.set(name, (total.get(name) ?? 0) + count);
  return total;
}

function countsOf(what: string, counts: ReadonlyMap<string, number>): readonly string[] {
  if (counts.size === 0) return [];
  return [`${what} ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}`];
}
