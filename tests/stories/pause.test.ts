import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { seedStrategy } from '@tenant-delivery/local-aws/services/ecs';
import { errorsOf, ORDERS, openStage } from '../stage/stage.ts';

/* A service that shifts traffic, with a pause before production traffic: delivered, looked at, and answered by an SRE. */

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 120 });
  seedStrategy(stage.platform.aws.world, ORDERS.account, ORDERS.region, {
    cluster: 'acme-prod',
    service: ORDERS.service,
    deploymentConfiguration: {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 1,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
    },
  });
}, 60_000);
afterAll(() => stage.platform.close());

it('a delivery that pauses ends open and without a failure; resume.yml continues it to closed', async () => {
  const delivered = await stage.deliver();
  const [called] = Object.values(delivered.result.needs);
  expect(errorsOf(delivered.result)).toEqual([]);
  expect(delivered).toMatchObject({ outcome: 'deploying', result: { conclusion: 'success' } });
  const { hook = '', 'next-eligible-at': until = '' } = called?.outputs ?? {};
  expect(Date.parse(until)).toBeGreaterThan(stage.platform.aws.clock.now());
  // A run that asks about it but does not deploy it ends nothing.
  const asked = await operate('verify.yml', { change: delivered.change });
  expect(asked).toMatchObject({ outcome: 'error', result: { conclusion: 'failure' } });
  stage.mark();
  const resumed = await answer(delivered.change, hook);
  expect(errorsOf(resumed.result)).toEqual([]);
  expect(resumed).toMatchObject({ outcome: 'closed', result: { conclusion: 'success' } });
  expect([stage.effects('ecs', 'ContinueServiceDeployment'), stage.effects('ecs', 'UpdateService')]).toEqual([
    1, 0,
  ]);
  expect((await stage.events(delivered.change)).map(({ transition }) => transition.to).slice(-3)).toEqual([
    'deploying',
    'verified',
    'closed',
  ]);
  expect(stage.platform.aws.denied()).toEqual([]);
}, 60_000);

function answer(change: string, hook: string) {
  return operate('resume.yml', { change, hook, answer: 'continue' });
}

function operate(workflow: string, inputs: Readonly<Record<string, string>>) {
  const { service, tenant, environment, account, region } = ORDERS;
  return stage.run({
    repository: stage.platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: `.github/workflows/${workflow}`,
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: { tenant, environment, account, region, service, ...inputs },
    actor: 'sre-kim',
  });
}
