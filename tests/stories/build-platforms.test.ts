import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { ecrState } from '@tenant-delivery/local-aws/registry/store';
import { beginRun, type PlayedRun, succeeded } from '../stage/played-run.ts';
import { ORDERS, openStage } from '../stage/stage.ts';

// An image of two platforms with documents beside it, through the shipped actions up to the plan.

let stage: Stage;
let run: PlayedRun;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
  run = await beginRun(stage.platform);
}, 60_000);
afterAll(() => stage.platform.close());

it('is gated and planned by its index: each platform is judged, and no document beside it is taken for one', async () => {
  const build = (action: string, inputs = {}) => run.step('build', action, inputs);
  const plan = (action: string, inputs = {}) => run.step('plan', action, inputs);
  const { change = '' } = succeeded(await build('open-change')).outputs;
  const platforms = 'linux/arm64, linux/amd64';
  const built = succeeded(await build('build-and-scan-image', { change, platforms, version: '1.4.0' }));
  const gated = succeeded(await plan('gate-on-ecr-findings', { change }));
  const planned = succeeded(await plan('deploy-ecs-service', { change, mode: 'plan' }));

  const result = JSON.parse(built.outputs['result'] ?? '');
  const { digest = '' } = built.outputs;
  const { account, region } = ORDERS;
  const { repositories } = ecrState(stage.platform.aws.world, account, region);
  const repository = repositories['acme/orders'];
  const children: readonly { readonly platform: string; readonly digest: string }[] = result.platforms;
  expect(children.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  expect(repository?.tags['1.4.0']).toBe(digest);
  const documents: readonly { readonly digest: string; readonly subject: string }[] = result.referrers;
  expect(documents.map((one) => repository?.manifests[one.digest]?.subject)).toEqual([
    ...children.map((child) => child.digest),
    digest,
  ]);
  expect(Object.keys(repository?.scans ?? {})).toEqual(
    expect.arrayContaining(children.map((child) => child.digest)),
  );
  for (const document of documents) expect(repository?.scans[document.digest]).toBeUndefined();
  expect(gated.summary).toContain('2 platforms');
  expect(planned.outputs['outcome']).toBe('planned');
});

it('is refused, before anything is built, with a secret that is not there or a platform that nothing runs', async () => {
  const { change = '' } = succeeded(await run.step('build', 'open-change')).outputs;
  const refused = async (inputs: Readonly<Record<string, string>>) =>
    (await run.step('build', 'build-and-scan-image', { change, ...inputs })).outputs['reason-code'];
  expect(await refused({ secrets: 'npm=NOT_SET' })).toBe('BUILD_SECRET_INVALID');
  expect(await refused({ platforms: 'linux/amd64,windows/amd64' })).toBe('INPUTS_INVALID');
});
