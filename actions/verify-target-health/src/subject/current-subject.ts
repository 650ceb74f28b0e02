import { hasEnded } from '@tenant-delivery/deployment/follow/in-progress';
import { patiently } from '@tenant-delivery/deployment/follow/patience';
import { registrationOf, registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { Service, ServiceDeployment } from '@tenant-delivery/deployment/observed';
import { DAY } from '@tenant-delivery/domain';
import { termsOfInputs } from '../bake/bake-inputs.ts';
import { failures } from '../failures.ts';
import type { AloneInputs } from '../inputs.ts';
import { probeOfInputs } from '../probe/probe-inputs.ts';
import type { AloneWorld } from '../verify-world.ts';
import { graceOf } from '../watch/observe.ts';
import { findTargets, requireListeners, sayHealthCheck } from './find-targets.ts';
import type { RegisteredTargets, Subject } from './subject.ts';

/** ECS tells service deployments for 90 days ("ListServiceDeployments"); a day less is never refused. */
const REMEMBERED = 89 * DAY;
const EVERY = 5_000; // milliseconds between two looks at a deployment in progress
const BLIND = 3 * 60_000; // milliseconds for which nothing may be seen

/** What the service itself runs now: its own current deployment, once that has ended. */
export async function currentSubject(
  world: AloneWorld,
  given: AloneInputs,
  deadline: number,
): Promise<Subject> {
  const { service, deployment } = await settled(world, given, deadline);
  const revision = deployment && (await world.services.revision(servingRevision(deployment)));
  const registrations = registrationsOf(revision?.document ?? service.document);
  const registered: RegisteredTargets = {
    groups: revision?.targetGroups ?? registrations.map(({ targetGroup }) => targetGroup),
    registrations,
  };
  const [first] = registered.groups;
  const container = first && registrationOf(registrations, first)?.container;
  if (!first || !container) throw failures.withoutTargets(given.service);
  const groups = await findTargets(world, registered, undefined);
  requireListeners(groups);
  for (const group of groups) world.runner.info(sayHealthCheck(group));
  const primary = service.deployments.find((each) => each.primary);
  const began = deployment?.createdAt ?? primary?.createdAt ?? world.clock.now();
  return {
    cluster: given.cluster,
    service: given.service,
    taskDefinition: service.taskDefinition,
    serviceRevision: revision?.arn ?? null,
    rollout: primary?.id ?? null,
    container,
    port: undefined,
    image: given.image.join(', ') || null,
    digests: given.image.length > 0 ? new Set(given.image) : 'any',
    base: 0,
    requested: undefined,
    zones: {
      agreed: Math.max(1, given.zones.length),
      maximumSkew: given.zones.length > 1 ? 1 : Number.MAX_SAFE_INTEGER,
      ...(given.zones.length > 0 && { names: given.zones }),
    },
    groups,
    deployedFrom: began,
    deployedUntil: deployment?.finishedAt ?? began,
    graceSeconds: graceOf(service),
    terms: termsOfInputs(given),
    probe: probeOfInputs(given),
  };
}

/** Waits for a deployment in progress. Throws DEPLOYMENT_IN_PROGRESS when it outlives the time limit. */
async function settled(
  world: AloneWorld,
  { cluster, service: name }: AloneInputs,
  deadline: number,
): Promise<{ readonly service: Service; readonly deployment: ServiceDeployment | undefined }> {
  const { services, clock, runner } = world;
  let said = '';
  for (;;) {
    const service = await services.service(cluster, name);
    if (service?.status !== 'ACTIVE') {
      throw failures.serviceNotActive(name, cluster, service ? `is ${service.status}` : 'does not exist');
    }
    const seen = await patiently(() => newest(world, cluster, name), {
      clock,
      signal: runner.cancelled,
      limit: BLIND,
      say: runner.info,
    });
    if (!seen || hasEnded(seen)) {
      if (seen) runner.info(sayDeployment(seen));
      return { service, deployment: seen };
    }
    if (clock.now() >= deadline || runner.cancelled.aborted) {
      throw failures.deploymentInProgress(name, seen.status, seen.arn);
    }
    if (seen.status !== said) runner.info(`waiting for the deployment in progress (${seen.status})`);
    said = seen.status;
    await clock.sleep(EVERY, runner.cancelled);
  }
}

/** `undefined` when ECS has forgotten it, or never kept any. */
async function newest(
  { services, clock }: AloneWorld,
  cluster: string,
  name: string,
): Promise<ServiceDeployment | undefined> {
  const [brief] = await services.deployments(cluster, name, clock.now() - REMEMBERED);
  return brief && services.deployment(brief.arn);
}

/** After a rollback the revision that serves is the one that ECS went back to. */
function servingRevision({ status, rollback, targetRevision }: ServiceDeployment): string {
  return status === 'SUCCESSFUL' ? targetRevision : (rollback?.revision ?? targetRevision);
}

function sayDeployment({ status, reason }: ServiceDeployment): string {
  return status === 'SUCCESSFUL'
    ? 'The newest deployment ended well'
    : `The newest deployment ended as ${status}${reason ? ` (${reason.replace(/\s+/g, ' ')})` : ''}; what serves now is verified`;
}
