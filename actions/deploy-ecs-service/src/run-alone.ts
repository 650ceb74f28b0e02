import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code } from '@tenant-delivery/action-kit/markdown';
import { breakerNotes } from '@tenant-delivery/deployment/plan/breaker-notes';
import { isImage } from '@tenant-delivery/deployment/plan/deploy-request';
import { differencesOf } from '@tenant-delivery/deployment/plan/plan';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { noContainer } from '@tenant-delivery/deployment/task-definition/patch';
import { containerNames, containersOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import { formatImage } from '@tenant-delivery/domain';
import { clearUncontracted, type Uncontracted } from '@tenant-delivery/tenancy/uncontracted';
import { deployAlone } from './deploy/deploy-alone.ts';
import type { AloneWorld } from './deploy-world.ts';
import { failures } from './failures.ts';
import { type Deployment, deploymentFor } from './plan/deployment.ts';
import { type ObservedService, observeService } from './plan/observe-service.ts';
import { planAloneSummary } from './plan/plan-summary.ts';
import { servingOf } from './plan/serving.ts';
import { assertSteadyAlone } from './plan/steady.ts';
import { type Alone, preflightAlone } from './preflight/preflight-alone.ts';
import { placeImages } from './request/place-images.ts';
import type { GivenAlone } from './request/read-given.ts';
import { requestOf } from './request/resolve-request.ts';
import { type ResolvedTag, resolveTags, sayResolved } from './request/resolve-tags.ts';
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
    const { deployment, resolved } = await wantedAlone(world, ref, seen, given);
    const { current, wanted, update } = deployment;
    assertMigrates(given.serviceRequest.migration, wanted.document);
    const differences = differencesOf({ current, wanted, service: update.changes });
    const serving = servingOf(seen.service, wanted.document);
    return { ref, deployment, resolved, clearance, serving, differences };
  });
  for (const note of alone.deployment.wanted.notes) runner.warning(note);
  const outcome = await (given.mode === 'plan'
    ? planAlone(world, given, alone)
    : deployAlone(world, given, alone));
  return withTags(outcome, alone.resolved);
}

/** What is to run, with each tag that ECR knows as the digest that it points to now, and told before anything is changed. */
async function wantedAlone(
  world: AloneWorld,
  ref: ServiceRef,
  seen: ObservedService,
  given: GivenAlone,
): Promise<{ readonly deployment: Deployment; readonly resolved: readonly ResolvedTag[] }> {
  const { runner } = world;
  const asked = given.serviceRequest;
  const placed = placeImages(await requestOf(world, ref, asked), asked, seen, given['unused-images']);
  for (const image of placed.leftOut) runner.info(`No container runs an image like ${image}: it is left out`);
  const { request, resolved, mistakes } = placed.tagged
    ? await resolveTags(world, ref, placed.request, placed.tagged, seen)
    : { request: placed.request, resolved: [], mistakes: [] };
  for (const tag of resolved) runner.info(sayResolved(tag));
  const deployment = await deploymentFor(world, ref, seen, request, {
    tags: placed.tagged ? 'left to ECS' : 'refused',
    mistakes: [...placed.mistakes, ...mistakes],
  });
  runner.output('images', imageLines(deployment.wanted.document));
  return { deployment, resolved };
}

/** In the form of the input `images`. */
function imageLines(document: Deployment['wanted']['document']): string {
  return containersOf(document)
    .flatMap(({ name, image }) =>
      typeof image === 'string' && isImage(image) ? [`${String(name)}=${image}`] : [],
    )
    .join('\n');
}

/** The tags that were resolved, in the summary and in what a workflow may branch on. */
function withTags(outcome: Outcome, resolved: readonly ResolvedTag[]): Outcome {
  if (resolved.length === 0) return outcome;
  const told = resolved.map(
    ({ container, tagged, image }) => `- ${code(container)}: ${code(tagged)} is ${code(image.digest)}`,
  );
  const tags = resolved.map(({ container, tagged, image }) => ({
    container,
    tagged,
    image: formatImage(image),
  }));
  return {
    ...outcome,
    facts: { ...outcome.facts, tags },
    summary: [outcome.summary, ['**Tags, as they were resolved:**', '', ...told].join('\n')]
      .filter(Boolean)
      .join('\n\n'),
  };
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
