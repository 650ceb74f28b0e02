import type { Outcome } from '@tenant-delivery/action-kit/main';
import { breakerNotes } from '@tenant-delivery/deployment/plan/breaker-notes';
import { differencesOf } from '@tenant-delivery/deployment/plan/plan';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { noContainer } from '@tenant-delivery/deployment/task-definition/patch';
import { containerNames } from '@tenant-delivery/deployment/task-definition/task-definition';
import { clearUncontracted, type Uncontracted } from '@tenant-delivery/tenancy/uncontracted';
import { deployAlone } from './deploy/deploy-alone.ts';
import type { AloneWorld } from './deploy-world.ts';
import { failures } from './failures.ts';
import { type Deployment, deploymentFor } from './plan/deployment.ts';
import { observeService } from './plan/observe-service.ts';
import { planAloneSummary } from './plan/plan-summary.ts';
import { servingOf } from './plan/serving.ts';
import { assertSteadyAlone } from './plan/steady.ts';
import { type Alone, preflightAlone } from './preflight/preflight-alone.ts';
import type { GivenAlone } from './request/read-given.ts';
import { requestOf } from './request/resolve-request.ts';
import { migrationIn } from './request/service-request.ts';

/** Deploys any ECS service with the credentials of the job, or says what that would change: no contract, no record. */
export async function runAlone(given: GivenAlone, world: AloneWorld): Promise<Outcome> {
  const { runner, identity, region } = world;
  const target = { account: identity.account, region, service: given.service };
  const ref: ServiceRef = { names: { cluster: given.cluster ?? 'default' }, target };
  runner.info(`Account ${identity.account}, ${region}, as ${identity.arn}`);
  const alone = await runner.group('Look at the service and the request', async () => {
    const seen = await observeService(world.services, ref);
    const clearance = await cleared(world, ref, seen);
    const deployment = await deploymentFor(
      world,
      ref,
      seen,
      await requestOf(world, ref, given.serviceRequest),
    );
    const { current, wanted, update } = deployment;
    assertMigrates(given.serviceRequest.migration, wanted.document);
    const differences = differencesOf({ current, wanted, service: update.changes });
    return { ref, deployment, clearance, serving: servingOf(seen.service, wanted.document), differences };
  });
  for (const note of alone.deployment.wanted.notes) runner.warning(note);
  return given.mode === 'plan' ? planAlone(world, given, alone) : deployAlone(world, given, alone);
}

/** ECS would refuse an override of a container that is not there, after the revision was registered. */
function assertMigrates(
  migration: GivenAlone['serviceRequest']['migration'],
  document: Deployment['wanted']['document'],
): void {
  const names = containerNames(document);
  if (!migration || names.includes(migration.container)) return;
  throw failures.requestInvalid([`migration.container: ${noContainer(migration.container, names)}`]);
}

/** Proof that no contract is about the service, before anything else of it is looked at. */
async function cleared(
  { tags, identity, region, clock }: AloneWorld,
  { names, target }: ServiceRef,
  { cluster, service }: Pick<Deployment, 'cluster' | 'service'>,
): Promise<Uncontracted> {
  const [ofCluster, ofService] = await Promise.all([tags(cluster.arn), tags(service.arn)]);
  const seen = {
    identity,
    region,
    names: { cluster: names.cluster, service: target.service },
    cluster: { arn: cluster.arn, tags: ofCluster },
    service: { arn: service.arn, clusterArn: service.clusterArn, tags: ofService },
  };
  return clearUncontracted(seen, clock.now());
}

async function planAlone(world: AloneWorld, given: GivenAlone, alone: Alone): Promise<Outcome> {
  const { runner } = world;
  const { ref, deployment, serving, differences } = alone;
  const { changes, taskDefinition } = differences;
  const { service } = ref.target;
  if (!changes) await assertSteadyAlone(world, ref, deployment, serving.container);
  const looked = changes ? await preflightAlone(world, given, alone) : undefined;
  const migration = changes ? migrationIn(given.serviceRequest) : null;
  const advice = breakerNotes(service, deployment.service, deployment.update);
  runner.output('plan', '');
  runner.output('needs-approval', 'false');
  runner.output('revision', taskDefinition.from);
  const summary = planAloneSummary(ref, { ...differences, migration }, [
    ...deployment.wanted.notes,
    ...advice,
  ]);
  return {
    outcome: changes ? 'planned' : 'unchanged',
    reasonCode: 'OK',
    ok: true,
    headline: changes
      ? `A deploy would change ${service}.`
      : `${service} runs this already, and is set as asked; nothing to do.`,
    facts: {
      account: ref.target.account,
      cluster: ref.names.cluster,
      service,
      changes,
      taskDefinition,
      serviceChanges: differences.service.changes,
      migration,
    },
    summary: [summary, looked?.summary].filter(Boolean).join('\n\n'),
  };
}
