import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NAMES } from '@tenant-delivery/migration/test/corpus';
import { type MigratedStage, migratedStage } from '../stage/migrated-stage.ts';
import { errorsOf, logOf } from '../stage/stage.ts';

// Every workflow of the corpus, as `tenant-delivery migrate` rewrites it, really builds, pushes and deploys.

/** A few of them for `npm test`, and all for `npm run proof`. */
const PLAYED =
  process.env['PROOF'] === 'full' ? NAMES : ['01-starter', '16-short-commit', '18-environment-variables'];

let stage: MigratedStage | undefined;
let values: Readonly<Record<string, string | undefined>> = {};
beforeAll(async () => {
  stage = await migratedStage();
});
afterAll(() => stage?.close());

/** The environment of the first container that the service has now. */
function valuesOf({ running }: MigratedStage): typeof values {
  const [container] = running().containerDefinitions ?? [];
  return Object.fromEntries((container?.environment ?? []).map(({ name = '', value }) => [name, value]));
}

test.each(PLAYED)('%s runs', async (name) => {
  if (!stage) throw new Error('there is no stage');
  const result = await stage.run(name);
  const last = logOf(result).split('\n').slice(-60).join('\n');
  if (name === '18-environment-variables') values = valuesOf(stage);
  expect([errorsOf(result), result.conclusion, result.conclusion === 'success' ? '' : last]).toEqual([
    [],
    'success',
    '',
  ]);
});

test('the values of a render arrive as they were written, whatever YAML or a shell would make of them', () => {
  expect(values).toMatchObject({
    LOG_LEVEL: 'info',
    GREETING: 'hello, world: # no comment',
    EMPTY: '',
    QUERY: 'a=1&b=2',
    FEATURES: '{"new":true}',
  });
});
