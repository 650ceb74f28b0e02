import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { beginRun, expectRefused, succeeded } from '../stage/played-run.ts';
import { acmeWith, openPlatform } from '../stage/stage.ts';

/* A newer push takes the place of an older one, whichever plans first. Whole runs of it: `three-pushes.test.ts`. */

let platform: LocalPlatform;
beforeAll(async () => {
  platform = await openPlatform({ runtime: 'simulated', scale: 60, contracts: acmeWith('late', 'hasty') });
}, 60_000);
afterAll(() => platform.close());

describe('an older push that builds for longer and plans last', () => {
  it('is put before nobody, and the newer one stays', async () => {
    const older = await beginRun(platform, { service: 'late' });
    const { change = '' } = succeeded(await older.step('build', 'open-change')).outputs;
    const newer = await beginRun(platform, { service: 'late' });
    const other = await newer.plan();
    succeeded(await older.step('build', 'build-and-scan-image', { change }));
    succeeded(await older.step('plan', 'gate-on-ecr-findings', { change }));
    const planned = succeeded(await older.step('plan', 'deploy-ecs-service', { change, mode: 'plan' }));
    expect(planned.outputs).toMatchObject({ outcome: 'superseded', 'reason-code': 'CHANGE_SUPERSEDED' });
    expect(planned.lines.join('\n')).toContain(`${other} (run ${newer.run.id} of acme/orders, commit `);
    succeeded(await newer.approve(other));
    expectRefused(await older.approve(change), 'CHANGE_SUPERSEDED', `${change} is not delivered any more`);
  }, 30_000);
});

describe('a push whose approval GitHub did not call off', () => {
  it('cannot be deployed any more, and is told why', async () => {
    const older = await beginRun(platform, { service: 'hasty' });
    const change = await older.plan();
    succeeded(await older.approve(change));
    const newer = await beginRun(platform, { service: 'hasty' });
    const other = await newer.plan();
    expectRefused(await older.deploy(change), 'CHANGE_SUPERSEDED', other);
    succeeded(await newer.approve(other));
    expect((await newer.deploy(other)).outputs).toMatchObject({ outcome: 'deployed' });
  }, 30_000);
});
