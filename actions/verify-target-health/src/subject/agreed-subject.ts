import { Failure } from '@tenant-delivery/action-kit/failure';
import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import type { AgreedZones } from '@tenant-delivery/deployment/health/health-sample';
import type { BakeTerms } from '@tenant-delivery/deployment/health/judge-bake';
import { registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { UNNAMED_BAKE } from '../bake/bake-inputs.ts';
import type { VerifyWorld } from '../verify-world.ts';
import { findTargets, requireAgreed, sayHealthCheck, sayOtherPath } from './find-targets.ts';
import type { RegisteredTargets, Subject } from './subject.ts';

/** What the record of a change says was deployed. */
export interface Deployed {
  readonly report: DeploymentReport;
  readonly resolved: ResolvedService;
  readonly record: ImageRecord;
}

/** What was deployed, and the health that contract and manifest require of it. */
export async function agreedSubject(
  world: VerifyWorld,
  admission: Admission,
  { report, resolved, record }: Deployed,
): Promise<Subject> {
  const { names, environment } = admission;
  const [agreed, registered, zones] = await inOrder([
    world.targets.loadBalancer(names.loadBalancer),
    registeredIn(world, admission, report),
    agreedZones(world, admission, resolved.layer.value, environment.zones),
  ]);
  const port = resolved.container.port.value;
  const placed = await findTargets(world, registered, port, agreed);
  requireAgreed(admission, agreed, placed, registered);
  for (const group of placed) world.runner.info(sayHealthCheck(group));
  const own = placed.toSorted(
    (a, b) => Number(b.group.name === names.targetGroup) - Number(a.group.name === names.targetGroup),
  );
  for (const note of sayOtherPath(own.slice(0, 1), resolved.health.path.value)) world.runner.warning(note);
  return {
    cluster: names.cluster,
    service: admission.target.service,
    taskDefinition: report.taskDefinition,
    serviceRevision: report.serviceRevision,
    rollout: report.rollout,
    container: report.container,
    port,
    image: report.image,
    digests: new Set([record.image.digest, ...record.platforms.map(({ digest }) => digest)]),
    base: resolved.capacity.base.value,
    requested: report.tasks?.requested,
    zones,
    groups: own,
    deployedFrom: Date.parse(report.startedAt),
    deployedUntil: Date.parse(report.finishedAt),
    graceSeconds: resolved.health.graceSeconds?.value ?? 0,
    terms: termsOf(resolved),
    probe: resolved.probe && {
      path: resolved.probe.path.value,
      status: resolved.probe.status.value,
      seconds: resolved.probe.seconds.value,
    },
  };
}

/** The groups of this very revision; where nothing was deployed, the agreed one by its name. */
async function registeredIn(
  { services }: Pick<VerifyWorld, 'services'>,
  { names }: Admission,
  { serviceRevision }: DeploymentReport,
): Promise<RegisteredTargets> {
  if (serviceRevision === null) return { groups: [names.targetGroup], registrations: [] };
  const revision = await services.revision(serviceRevision);
  return { groups: revision.targetGroups, registrations: registrationsOf(revision.document) };
}

function termsOf({ alarms = [], slo, bake }: ResolvedService): BakeTerms | undefined {
  if (alarms.length === 0 && !slo && !bake) return undefined;
  return {
    minutes: bake?.minutes.value ?? UNNAMED_BAKE.minutes,
    samples: bake?.samples.value ?? UNNAMED_BAKE.samples,
    alarms: alarms.map(({ value }) => value),
    slo: slo && {
      errorPercent: slo.errorPercent?.value,
      p95Milliseconds: slo.p95Milliseconds?.value,
    },
  };
}

/**
 * The contract names zones by ids that mean the same everywhere, ECS by this account's names. Without the right to see
 * the subnets, zones are only counted, and the log says so.
 */
async function agreedZones(
  { zones, runner }: Pick<VerifyWorld, 'zones' | 'runner'>,
  { environment }: Admission,
  layer: string,
  ids: readonly string[],
): Promise<AgreedZones> {
  const counted = { agreed: ids.length, maximumSkew: 1 };
  const subnets = environment.layers[layer]?.subnets ?? [];
  try {
    const byId = await zones.names(subnets);
    const names = ids.flatMap((id) => byId.get(id) ?? []);
    if (names.length === ids.length) return { ...counted, names };
    const absent = ids.filter((id) => !byId.has(id)).join(', ');
    runner.warning(`No subnet of the layer ${layer} is in ${absent}: zones are counted, not compared.`);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'AWS_DENIED') throw thrown;
    runner.warning(`Zones are counted, not compared with the contract's: ${thrown.message}`);
  }
  return counted;
}
