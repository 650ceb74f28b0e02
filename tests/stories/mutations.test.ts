import { globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { beginRun, type Played, succeeded } from '../stage/played-run.ts';
import { changesIn, openStage, pushed, recordsIn } from '../stage/stage.ts';

const root = join(import.meta.dirname, '../..');
const PUSH = 'a push to the registry';

/** What the steps of a whole delivery change outside of the record. Assessing is in release-gate.test.ts. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'open-change': [],
  'build-and-scan-image': [PUSH],
  'gate-on-ecr-findings': [],
  'deploy-ecs-service in mode plan': [],
  'approve-change': [],
  'deploy-ecs-service in mode deploy': ['ecs:RegisterTaskDefinition', 'ecs:UpdateService'],
  'verify-target-health': [],
  'close-change': [],
};

/**
 * Actions of no change: rotation-over-local-aws.test.ts plays a dry run and a whole rotation, credential-report.test.ts
 * and break-glass.test.ts say what a report and grants change. What provisioning may do is in its ports: only mode apply has one
 * that executes, with a role of its own. An examination has a role that only reads.
 */
const ELSEWHERE = [
  'rotate-access',
  'report-credentials',
  'grant-access',
  'provision-environment',
  'examine-environment',
];

const seen = new Map<string, { readonly changes: readonly string[]; readonly records: readonly string[] }>();
let stage: Stage;

async function watch(name: string, step: () => Promise<Played>): Promise<Played> {
  const before = pushed(stage.platform).length;
  const played = succeeded(await step());
  const push = pushed(stage.platform).length > before ? [PUSH] : [];
  seen.set(name, { changes: [...push, ...changesIn(played.calls)], records: recordsIn(played.calls) });
  return played;
}

beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60 });
  const run = await beginRun(stage.platform);
  const build = (action: string, inputs = {}) => run.step('build', action, inputs);
  const plan = (action: string, inputs = {}) => run.step('plan', action, inputs);
  const deploy = (action: string, inputs = {}) => run.step('deploy', action, inputs);
  const { change = '' } = (await watch('open-change', () => build('open-change'))).outputs;
  await watch('build-and-scan-image', () => build('build-and-scan-image', { change }));
  await watch('gate-on-ecr-findings', () => plan('gate-on-ecr-findings', { change }));
  const mode = 'plan';
  await watch('deploy-ecs-service in mode plan', () => plan('deploy-ecs-service', { change, mode }));
  await watch('approve-change', () => run.approve(change));
  const deployed = await watch('deploy-ecs-service in mode deploy', () => run.deploy(change));
  const { report = '' } = deployed.outputs;
  await watch('verify-target-health', () => deploy('verify-target-health', { change, report }));
  await watch('close-change', () => deploy('close-change', { change, 'job-status': 'success' }));
}, 60_000);
afterAll(() => stage.platform.close());

it('every action says here what it may change', () => {
  const actions = globSync('actions/*/action.yml', { cwd: root }).map((file) => file.split('/')[1]);
  const said = [...Object.keys(CHANGES).map((name) => name.split(' ')[0]), ...ELSEWHERE];
  expect(new Set(said)).toEqual(new Set(actions));
});

it.each(Object.entries(CHANGES))('%s changes %j and the record, and nothing else', (name, changes) => {
  expect(seen.get(name)).toEqual({ changes, records: expect.arrayContaining(['s3:PutObject']) });
});
