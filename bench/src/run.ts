import { buildIfStale } from '@tenant-delivery/release/stale';
import { builds } from './builds.ts';
import { check, demo, test } from './commands.ts';
import { credentials } from './credentials.ts';
import { delivery } from './delivery.ts';
import { deploys } from './deploys.ts';
import { doctor } from './doctor.ts';
import { evidence } from './evidence.ts';
import { type Figure, held } from './figure.ts';
import { findings } from './findings.ts';
import { firstDelivery } from './first-delivery.ts';
import { GROWTH_ROWS, growth } from './growth.ts';
import { onboarding } from './onboarding.ts';
import { rotation } from './rotation.ts';
import { size } from './size.ts';
import { stacks } from './stacks.ts';
import { start } from './start.ts';
import { gate } from './whole-gate.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  start,
  size,
  delivery,
  'first-delivery': firstDelivery,
  builds,
  deploys,
  findings,
  gate,
  evidence,
  rotation,
  credentials,
  stacks,
  doctor,
  onboarding,
  growth: () => growth(),
  demo,
  check,
  test,
};

/** One row of `growth` alone. */
const ROWS = Object.fromEntries(GROWTH_ROWS.map((row) => [`growth/${row}`, () => growth([row])]));

/** `npm run bench` runs all, `npm run bench -- NAME…` those. A table to read, then one JSON line a figure. */
async function run(names: readonly string[]): Promise<number> {
  const known: typeof BENCHES = { ...BENCHES, ...ROWS };
  const unknown = names.filter((name) => !(name in known));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(known).join(', ')}.`);
    return 2;
  }
  console.log(await buildIfStale());
  const figures: Figure[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BENCHES))
    figures.push(...((await known[name]?.()) ?? []));
  const width = Math.max(...figures.map(({ figure }) => figure.length));
  for (const figure of figures) {
    console.log(
      `${held(figure) ? 'held ' : 'MISSED'}  ${figure.figure.padEnd(width)}  ${figure.value} ${figure.unit} (at most ${figure.target})`,
    );
  }
  for (const figure of figures) console.log(JSON.stringify({ ...figure, held: held(figure) }));
  return figures.every(held) ? 0 : 1;
}

process.exitCode = await run(process.argv.slice(2));
