import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import type { FaultKind, RecordedCall } from '@tenant-delivery/local-aws';
import { beginRun, expectRefusedUnrecorded, type PlayedRun, succeeded } from '../stage/played-run.ts';
import { acmeWith, openStage, statesOf } from '../stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  const contracts = acmeWith('throttled', 'reset', 'silent');
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
});
afterAll(() => stage.platform.close());

const begin = (service: string) => beginRun(stage.platform, { service });

function fail(kind: FaultKind, ...operations: readonly string[]): void {
  for (const name of operations) {
    const [service = '', operation = ''] = name.split(':');
    stage.platform.aws.fail({ service, operation, nth: 1, kind });
  }
}

const CLOSED = ['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];

describe('trouble on the way to AWS', () => {
  it('is survived when AWS throttles: every effect happens once', async () => {
    const run = await begin('throttled');
    const before = stage.platform.aws.calls.length;
    fail('throttle', 's3:GetObject', 's3:PutObject', 's3:ListObjectsV2', 'kms:Sign', 'sts:GetCallerIdentity');
    const change = await run.plan();
    succeeded(await run.approve(change));
    fail('throttle', 'ecs:DescribeServices', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'kms:Sign');
    fail('throttle', 's3:PutObject', 'ecs:DescribeServiceDeployments', 'ecs:ListServiceDeployments');
    await run.close(change, succeeded(await run.deploy(change)));
    expect(await statesOf(stage.platform, 'throttled', change)).toEqual(CLOSED);
    const calls = stage.platform.aws.calls.slice(before);
    expect(effects(calls, 'RegisterTaskDefinition', 'UpdateService')).toEqual([1, 1]);
  });

  it('is reconciled when the connection breaks after the effect: nothing happens twice, no record forks', async () => {
    const run = await begin('reset');
    const before = stage.platform.aws.calls.length;
    fail('reset-after-effect', 's3:PutObject', 'kms:Sign');
    const change = await run.plan();
    fail('reset-after-effect', 's3:PutObject');
    succeeded(await run.approve(change));
    fail('reset-after-effect', 's3:PutObject', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService');
    await run.close(change, succeeded(await run.deploy(change)));
    expect(await statesOf(stage.platform, 'reset', change)).toEqual(CLOSED);
    const calls = stage.platform.aws.calls.slice(before);
    expect(effects(calls, 'RegisterTaskDefinition', 'UpdateService')).toEqual([1, 1]);
  });

  describe('stops the step that meets it', () => {
    let run: PlayedRun;
    let change: string;
    beforeAll(async () => {
      run = await begin('silent');
      change = await run.build();
      succeeded(await run.step('plan', 'gate-on-ecr-findings', { change }));
    });
    const plan = () => run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });

    it('when AWS answers without what was asked for: that is never "nothing there"', async () => {
      fail('empty-reply', 'ecs:DescribeServices');
      expectRefusedUnrecorded(await plan(), 'AWS_EMPTY_REPLY', /^AWS answered without the service/);
    });

    it('at once when AWS denies: the IAM action is named, without a second try', async () => {
      fail('denied', 'ecs:DescribeServices');
      const played = await plan();
      expectRefusedUnrecorded(played, 'AWS_DENIED', 'AWS denied ecs:DescribeServices');
      const asked = played.calls.filter(({ operation }) => operation === 'DescribeServices');
      expect(asked).toMatchObject([{ attempts: 1 }]);
    });

    it('and no lock is left behind: the next delivery goes ahead', async () => {
      succeeded(await plan());
      succeeded(await run.approve(change));
      fail('denied', 'ec2:DescribeSubnets');
      expect((await run.deploy(change)).outputs['reason-code']).toBe('PREFLIGHT_FAILED');
      const settle = { change, mode: 'settle', 'job-status': 'failure' };
      expect((await run.step('settle', 'close-change', settle)).outputs['state']).toBe('abandoned');
      const next = await begin('silent');
      const after = await next.plan();
      succeeded(await next.approve(after));
      expect((await next.deploy(after)).outputs).toMatchObject({ outcome: 'deployed' });
      const unverified = { change: after, 'job-status': 'failure' };
      const closed = await next.step('deploy', 'close-change', unverified);
      expect(closed.outputs).toMatchObject({ state: 'failed', 'reason-code': 'NOT_VERIFIED' });
    });
  });
});

function effects(calls: readonly RecordedCall[], ...operations: readonly string[]): readonly number[] {
  return operations.map((operation) =>
    calls.filter((call) => call.operation === operation).reduce((sum, call) => sum + call.effects, 0),
  );
}
