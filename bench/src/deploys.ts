import { callRates } from '@tenant-delivery/local-aws';
import { type Scenario, scenarios } from '@tenant-delivery/local-aws/scenarios/index';
import { type DeployRow, ROWS } from '@tenant-delivery/tests/stage/deploy-rows';
import { type Witnessed, witnessedDeploy } from '@tenant-delivery/tests/stage/witnessed-deploy';
import { type Figure, median, round } from './figure.ts';
import { renderAndPlan } from './render.ts';

const RENDERS = 15;
/** Seconds by which the same case begins later: the action looks every five, and a case may fall anywhere in between. */
const PHASES = [0.5, 1.5, 2.5, 3.5];

const shifting = (deploymentConfiguration: NonNullable<Scenario['given']>['strategy']): Scenario => ({
  says: 'traffic is shifted, and all is well after ten minutes',
  given: deploymentConfiguration ? { strategy: deploymentConfiguration } : {},
  tasks: [{}],
});

/** What fifty tasks do: each starts and becomes healthy eleven seconds after the one before it. */
const FIFTY = Array.from({ length: 50 }, (_, index) => ({
  startSeconds: 15 + 11 * index,
  healthyAfterSeconds: 5,
})) as unknown as Scenario['tasks']; // there is a first one

/** Deploys of ten minutes, of which the requests are counted. */
const TEN_MINUTES: Readonly<Record<string, Scenario>> = {
  'rolling, four tasks one after the other': scenarios['in-batches'],
  'rolling, fifty tasks one after the other': {
    says: 'fifty tasks are replaced, one every eleven seconds',
    given: {
      gracePeriodSeconds: 300,
      size: { desiredCount: 50, minimumHealthyPercent: 100, maximumPercent: 200 },
    },
    tasks: FIFTY,
  },
  'rolling, unhealthy for nine minutes': {
    says: 'its tasks run soon and are healthy after nine minutes',
    given: { gracePeriodSeconds: 900 },
    tasks: [{ startSeconds: 20, healthyAfterSeconds: 530 }],
  },
  canary: shifting({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 4 },
    bakeTimeInMinutes: 4,
  }),
  linear: shifting({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 2 },
    bakeTimeInMinutes: 2,
  }),
};

/** Deploys in virtual time: the action over its real adapters and HTTP, the figures in the service's own clock. */
export async function deploys(): Promise<readonly Figure[]> {
  const renders = Array.from({ length: RENDERS }, renderAndPlan);
  console.log(`render and plan took ${round(renders[0] ?? Number.NaN)} ms the first time in this process\n`);
  const told: (readonly string[])[] = [['case', 'the official action', 'ours']];
  const figures: Figure[] = [];
  const lies: string[] = [];
  for (const row of ROWS) {
    const { slowest, lied } = await slowestOf(row);
    lies.push(...lied);
    told.push([row.what, row.official, sayOurs(row, slowest)]);
    figures.push(figure(`${row.what}: ${row.since} → said`, lateness(row, slowest), 's', row.within));
  }
  console.log(`${tableOf(told)}\n`);
  for (const [what, scenario] of Object.entries(TEN_MINUTES)) {
    const seen = await witnessedDeploy({ scenario });
    lies.push(...seen.lies);
    figures.push(...callFigures(what, seen));
  }
  for (const lie of lies) console.log(lie);
  return [
    ...figures,
    figure('things said that were not true when they were said', lies.length, 'lines', 0),
    figure('render and plan of a task definition of 40 containers', median(renders), 'ms', 50),
  ];
}

async function slowestOf(row: DeployRow) {
  const lied: string[] = [];
  let slowest: Witnessed | undefined;
  for (const phase of PHASES) {
    const seen = await witnessedDeploy({ ...row, phase });
    lied.push(...seen.lies);
    if (!slowest || lateness(row, seen) > lateness(row, slowest)) slowest = seen;
  }
  if (!slowest) throw new TypeError('a case was played in no phase');
  return { slowest, lied };
}

/** NaN, which is within nothing, when what was to be noticed never was. */
function lateness(row: DeployRow, seen: Witnessed): number {
  return seen.noticedAt - (row.known(seen) ?? Number.NaN);
}

function sayOurs(row: DeployRow, seen: Witnessed): string {
  const end = seen.endedAt > seen.noticedAt ? `, ${row.ends} at ${round(seen.endedAt)} s` : `: ${row.ends}`;
  return `said at ${round(seen.noticedAt)} s, ${round(lateness(row, seen))} s after ${row.since}${end}`;
}

/** What a deploy of ten minutes asked AWS for, with the published buckets. */
function callFigures(what: string, { deployed: { calls, took } }: Witnessed): readonly Figure[] {
  const rates = callRates(calls);
  const byOperation = [...Map.groupBy(calls, ({ service, operation }) => `${service}:${operation}`)]
    .map(([name, group]): [string, number] => [name, group.reduce((sum, one) => sum + one.attempts, 0)])
    .sort(([, a], [, b]) => b - a);
  const requests = byOperation.reduce((sum, [, count]) => sum + count, 0);
  console.log(`A deploy of ${round(took / 60_000)} min (${what}):`);
  console.log(`${byOperation.map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
  const published = rates.filter((rate) => rate.published);
  console.log(
    tableOf([
      ['bucket of ECS', 'requests', 'most in 10 s', 'it gives back in 10 s'],
      ...published.map(({ bucket, requests, mostPerTenSeconds, published }) =>
        [bucket, requests, mostPerTenSeconds, (published?.sustained ?? 0) * 10].map(String),
      ),
    ]),
  );
  console.log();
  const busiest = Math.max(...published.map(({ mostPerTenSeconds }) => mostPerTenSeconds)) / 10;
  return [
    figure(`requests of a deploy of ten minutes (${what})`, requests, 'requests', 150),
    figure(`the busiest bucket of it, over ten seconds (${what})`, busiest, 'a second', 0.5),
  ];
}

function figure(name: string, value: number, unit: string, target: number): Figure {
  return { bench: 'deploys', figure: name, value: round(value), unit, target };
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
