import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import { takeDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { clear } from '@tenant-delivery/tenancy/clearance';
import type { DeployWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import { type PreflightInputs, preflightChange } from '../preflight/preflight-change.ts';
import { deployedBefore } from '../report/deploy-outcome.ts';
import { type ApprovedDeploy, approvedDeploy } from './approved-deploy.ts';
import { decideChange } from './decide-change.ts';
import type { DeployOptions } from './deploy-options.ts';
import { type DeployInputs, deployOptionsOf, migrationKey } from './deploy-options.ts';
import { recorderOf } from './record-deploy.ts';
import { verifiedRevisions } from './retain.ts';
import { type DeployStory, runDeploy } from './run-deploy.ts';

type Inputs = DeployInputs & PreflightInputs;

/** Deploys what was approved of a change, and records it. */
export async function deployChange(
  world: DeployWorld,
  admission: Admission,
  change: ChangeHandle,
  given: Inputs,
): Promise<Outcome> {
  const { runner, clock } = world;
  const startedAt = clock.now();
  if (change.state === 'verified' || change.state === 'closed') return deployedBefore(runner, change);
  const { resume, hook } = given;
  if (resume && hook && change.state !== 'deploying') {
    // Before anything is asked of ECS: this begins nothing.
    throw failures.resumeRefused(hook, `${change.id} is ${change.state}, and no deployment of it waits`);
  }
  const delivery = await runner.group('Compare what is there with what was approved', () =>
    approvedDeploy(world, admission, change),
  );
  return runDeploy(world, await storyOf(world, delivery, given, startedAt));
}

/** What changes the service is had only for a clearance, and the lock is taken before anything is decided. */
async function storyOf(
  world: DeployWorld,
  delivery: ApprovedDeploy,
  given: Inputs,
  startedAt: number,
): Promise<DeployStory> {
  const { admission, change, approved, planDigest, observed, visibility } = delivery;
  const { cluster, service, current, resolved } = observed;
  const facts = { identity: world.identity, region: world.region, cluster, service };
  const clearance = clear('service', admission, facts, world.clock.now());
  const deployer = world.deployer(clearance);
  const lock = await takeDeployLock(world, admission, change);
  const previous = approved.taskDefinition.from;
  const options: DeployOptions = {
    ...deployOptionsOf(given, startedAt),
    ...{ ref: admission, deployer, lock, visibility, previous },
    tasks: world.tasks(clearance),
    port: observed.port,
    service: service.document,
    migration: migrationRunOf(delivery),
  };
  return {
    options,
    startedAt,
    subject: {
      change: change.id,
      plan: planDigest,
      target: targetOf(admission.target),
      cluster: admission.names.cluster,
      container: approved.image.container,
      image: approved.image.to,
      previous,
      current: current.arn,
    },
    retention: {
      family: current.family,
      newest: given.retention,
      previous,
      verified: () => verifiedRevisions(world, admission),
    },
    recorder: recorderOf(world, delivery, lock),
    decide: () => decideChange(world, delivery, options, given['if-in-progress']),
    preflight: ({ deployment, known }) =>
      preflightChange(world, { admission, change, resolved }, deployment, given, known),
    assertWell: async () => {}, // verify-target-health is the next step of a delivery
  };
}

/** One key: a migration that fails ends its change, and the next change is another one. */
function migrationRunOf({ approved, change, planDigest }: ApprovedDeploy): DeployOptions['migration'] {
  const { migration } = approved;
  if (!migration) return undefined;
  return {
    migration: { ...migration, command: migration.command ?? undefined },
    keys: [migrationKey([change.id, planDigest])],
    startedBy: `tenant-delivery/${change.id}`,
  };
}
