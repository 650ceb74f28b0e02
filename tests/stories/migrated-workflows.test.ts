import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NAMES } from '@tenant-delivery/migration/test/corpus';
import { type MigratedStage, migratedStage } from '../stage/migrated-stage.ts';
import { errorsOf, logOf } from '../stage/stage.ts';

// Every workflow of the corpus, as `tenant-delivery migrate` rewrites it, really builds, pushes and deploys.

let stage: MigratedStage | undefined;
beforeAll(async () => {
  stage = await migratedStage();
});
afterAll(() => stage?.close());

test.each(NAMES)('%s runs', async (name) => {
  if (!stage) throw new Error('there is no stage');
  const result = await stage.run(name);
  const last = logOf(result).split('\n').slice(-60).join('\n');
  expect([errorsOf(result), result.conclusion, result.conclusion === 'success' ? '' : last]).toEqual([[], 'success', '']);
});
