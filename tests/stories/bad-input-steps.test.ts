import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import type { ServiceState } from '@tenant-delivery/local-aws/ecs/state';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { ecrState } from '@tenant-delivery/local-aws/registry/store';
import { beginRun, expectRefusedUnrecorded, type PlayedRun, succeeded } from '../stage/played-run.ts';
import { acmeWith, during, ORDERS, openStage, without } from '../stage/stage.ts';

const UNTIL_GIVEN_UP = 100; // requests that are throttled are repeated for a minute of the world's clock
const NOBODY = 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts: acmeWith('planned') });
}, 60_000);
afterAll(() => stage.platform.close());

const begin = (service: string) => beginRun(stage.platform, { service });
const ecs = () => ecsStore(stage.platform.aws.world, ORDERS.account, ORDERS.region);

function fail(kind: 'server-error' | 'throttle' | 'expired', name: string, times = 1): void {
  const [service = '', operation = ''] = name.split(':');
  stage.platform.aws.fail({ service, operation, nth: 1, times, kind });
}

describe('a step', () => {
  let run: PlayedRun;
  let change = '';
  beforeAll(async () => {
    run = await begin('planned');
    change = succeeded(await run.step('build', 'open-change')).outputs['change'] ?? '';
  }, 30_000);

  it('of a change that nobody opened is refused', async () => {
    const played = await run.step('plan', 'gate-on-ecr-findings', { change: NOBODY });
    expectRefusedUnrecorded(
      played,
      'CHANGE_NOT_FOUND',
      `There is no change ${NOBODY} for planned of acme/prod.`,
    );
  });

  it('that comes before its turn is refused, with what is missing', async () => {
    const gate = await run.step('plan', 'gate-on-ecr-findings', { change });
    expectRefusedUnrecorded(gate, 'CHANGE_NOT_BUILT', `${change} is proposed and names no image`);
    const plan = await run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });
    expectRefusedUnrecorded(
      plan,
      'DOCUMENT_MISSING',
      `The record of ${change} names no document "image-record" yet.`,
    );
    const approve = await run.step('approve', 'approve-change', { changes: change });
    expectRefusedUnrecorded(
      approve,
      'TRANSITION_NOT_ALLOWED',
      `${change} is proposed and cannot become approved`,
    );
    const deploy = await run.deploy(change);
    expectRefusedUnrecorded(deploy, 'PLAN_NOT_APPROVED', 'it is proposed');
  });

  it('that AWS keeps refusing ends with what AWS said', async () => {
    const step = () => run.step('plan', 'gate-on-ecr-findings', { change });
    fail('throttle', 's3:ListObjectsV2', UNTIL_GIVEN_UP);
    expectRefusedUnrecorded(await step(), 'AWS_THROTTLED', 'AWS kept refusing s3:ListBucket as too frequent');
    stage.platform.aws.mend();
    fail('server-error', 's3:ListObjectsV2', UNTIL_GIVEN_UP);
    expectRefusedUnrecorded(await step(), 'AWS_UNAVAILABLE', 'AWS could not do s3:ListBucket');
    stage.platform.aws.mend();
    fail('expired', 's3:ListObjectsV2', UNTIL_GIVEN_UP); // every listing: a step asks for several at once
    expectRefusedUnrecorded(
      await step(),
      'AWS_SESSION_EXPIRED',
      'The session ended before s3:ListBucket was done',
    );
    stage.platform.aws.mend();
  });

  it('goes back only to what was verified here', async () => {
    const rollback = (to: string) =>
      run.step('build', 'open-change', { kind: 'rollback', reason: 'slow', to });
    expectRefusedUnrecorded(await rollback(NOBODY), 'ROLLBACK_TARGET_NOT_FOUND', NOBODY);
    expectRefusedUnrecorded(
      await rollback('previous'),
      'ROLLBACK_TARGET_NOT_FOUND',
      'There is no change to go back to',
    );
    expectRefusedUnrecorded(await rollback(change), 'ROLLBACK_TARGET_NOT_FOUND', `${change} is proposed`);
  });
});

describe('a plan', () => {
  let run: PlayedRun;
  let change = '';
  let digest = '';
  const plan = () => run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });
  const registered = () => {
    const [first] = ecs().families['acme-prod-planned'] ?? [];
    const [container] = first?.content.containerDefinitions ?? [];
    if (!first || !container) throw new Error('the platform has a service');
    return { first, container };
  };
  const service = (change: (now: ServiceState) => ServiceState) => {
    const now = ecs().services['acme-prod/planned'];
    if (!now) throw new Error('the platform has a service');
    return during(ecs().services, 'acme-prod/planned', change(now), plan);
  };
  beforeAll(async () => {
    run = await begin('planned');
    change = succeeded(await run.step('build', 'open-change')).outputs['change'] ?? '';
    digest = succeeded(await run.step('build', 'build-and-scan-image', { change })).outputs['digest'] ?? '';
  }, 30_000);

  it('needs an image that somebody inspects, and that is there', async () => {
    const gate = () => run.step('plan', 'gate-on-ecr-findings', { change });
    const { scanning, repositories } = ecrState(stage.platform.aws.world, ORDERS.account, ORDERS.region);
    expectRefusedUnrecorded(
      await during(scanning, 'rules', [], gate),
      'REPOSITORY_NOT_SCANNED',
      'Nothing inspects acme/planned by itself: its scan frequency is MANUAL.',
    );
    const manifests = repositories['acme/planned']?.manifests ?? {};
    const { [digest]: _, ...others } = manifests;
    const without = () =>
      during(
        repositories,
        'acme/planned',
        { ...repositories['acme/planned'], manifests: others } as NonNullable<(typeof repositories)[string]>,
        gate,
      ); // but for one image the same
    expectRefusedUnrecorded(
      await without(),
      'IMAGE_ABSENT',
      `The registry holds no ${digest} in acme/planned.`,
    );
    succeeded(await gate());
  });

  it('names the container or port that the task definition does not have', async () => {
    const { container } = registered();
    const other = await during(container, 'name', 'plannd', plan);
    expectRefusedUnrecorded(
      other,
      'CONTAINER_NOT_FOUND',
      /has no container planned; it has plannd. Did you mean plannd\?/,
    );
    const ports = await during(container, 'portMappings', [{ containerPort: 9090, protocol: 'tcp' }], plan);
    expectRefusedUnrecorded(
      ports,
      'PORT_NOT_MAPPED',
      'does not map the port 8080 that the manifest names; it maps 9090',
    );
  });

  it('creates nothing that is not there', async () => {
    const { services, clusters } = ecs();
    expectRefusedUnrecorded(
      await without(services, 'acme-prod/planned', plan),
      'SERVICE_NOT_ACTIVE',
      'There is no service planned in the cluster acme-prod.',
    );
    expectRefusedUnrecorded(
      await without(clusters, 'acme-prod', plan),
      'CLUSTER_NOT_ACTIVE',
      'There is no cluster acme-prod in this account and region.',
    );
  });

  it('is refused for an image that the service cannot run', async () => {
    const arm = await begin('planned');
    const { change: other = '' } = succeeded(await arm.step('build', 'open-change')).outputs;
    const platform = 'linux/arm64';
    succeeded(await arm.step('build', 'build-and-scan-image', { change: other, platform }));
    succeeded(await arm.step('plan', 'gate-on-ecr-findings', { change: other }));
    expectRefusedUnrecorded(
      await arm.step('plan', 'deploy-ecs-service', { change: other, mode: 'plan' }),
      'IMAGE_PLATFORM_MISMATCH',
      /acme\/planned@sha256:\w+ is for linux\/arm64; the service runs tasks on linux\/amd64/,
    );
  }, 30_000);

  it('is refused for a service that is not as agreed, or that ECS does not roll by itself', async () => {
    const foreign = ecs().families['acme-prod-orders']?.[0]?.arn ?? '';
    const family = await service((now) => ({
      ...now,
      settings: { ...now.settings, taskDefinition: foreign },
    }));
    expectRefusedUnrecorded(
      family,
      'TASK_DEFINITION_FAMILY_MISMATCH',
      'runs a task definition of the family acme-prod-orders; the contract agrees on acme-prod-planned',
    );
    const none = await service((now) => ({ ...now, settings: { ...now.settings, desiredCount: 0 } }));
    expectRefusedUnrecorded(none, 'SERVICE_WITHOUT_TASKS', 'has a desired count of 0');
  });
});
