import { Failure } from '@tenant-delivery/action-kit/failure';
import { evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
import { isVerified } from '@tenant-delivery/delivery/last-verified';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import { listableSince } from '@tenant-delivery/deployment/follow/service-deployment';
import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { expendable, goodRevisions } from '@tenant-delivery/deployment/task-definition/retention';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import * as v from 'valibot';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';

const AT_ONCE = 10; // revisions for one deploy: ECS takes one of these requests a second ("Request throttling")
const ENOUGH = 2; // distinct good revisions: the last one, and where a rollback from it goes

type RetentionPorts = Pick<DeployPorts, 'runner' | 'clock' | 'services' | 'revisions'>;

export interface RetentionOptions {
  /** The family of what runs now. */
  readonly family: string;
  /** How many of the newest revisions are kept in any case; 0 takes nothing out of use. */
  readonly newest: number;
  /** What the service ran before: the way back from this deployment, also where ECS has forgotten when it was made. */
  readonly previous: string;
  /** Asks for the task definitions of verified changes, latest first; none where there is no record. */
  verified(): Promise<readonly string[]>;
}

/**
 * Takes old revisions out of use, after a deployment that succeeded and never otherwise. What cannot be observed may be in
 * use: then nothing is taken, and a sentence says why. Never fails what was deployed. Answers what was taken.
 */
export async function retain(
  ports: RetentionPorts,
  { ref, deployer }: { readonly ref: ServiceRef; readonly deployer: Pick<ServiceDeployer, 'deregister'> },
  { family, newest, previous, verified }: RetentionOptions,
): Promise<readonly string[]> {
  if (newest < 1) return [];
  const { runner, revisions } = ports;
  const taken: string[] = [];
  try {
    const [good, active, inUse, successful] = await Promise.all([
      verified(),
      revisions.active(family),
      usedBy(ports, ref, family),
      successfulRevisions(ports, ref),
    ]);
    const kept = goodRevisions({ verified: good, successful });
    const needed = new Set([...inUse, previous]);
    for (const arn of expendable({ active, newest, inUse: needed, good: kept }).slice(0, AT_ONCE)) {
      if (runner.cancelled.aborted) break;
      await deployer.deregister(arn);
      taken.push(arn);
    }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    runner.warning(`Old revisions of ${family} stay, because not all could be looked at: ${thrown.message}`);
  }
  if (taken.length > 0)
    runner.info(`Took out of use: ${taken.map((arn) => arn.split('/').at(-1)).join(', ')}`);
  return taken;
}

async function usedBy(
  { services, revisions }: RetentionPorts,
  { names, target }: ServiceRef,
  family: string,
): Promise<ReadonlySet<string>> {
  const [service, running] = await Promise.all([
    services.service(names.cluster, target.service),
    revisions.running(names.cluster, family),
  ]);
  if (!service) throw failures.serviceNotActive(target.service, names.cluster, undefined);
  const rolling = service.deployments.map(({ taskDefinition }) => taskDefinition);
  return new Set([service.taskDefinition, ...rolling, ...running]);
}

/** Latest first, as far as it takes to know enough of them. */
async function successfulRevisions(
  { services, clock }: RetentionPorts,
  { names, target }: ServiceRef,
): Promise<readonly string[]> {
  const listed = await services.deployments(names.cluster, target.service, listableSince(0, clock.now()));
  const found: string[] = [];
  for (const { targetRevision } of listed.filter(({ status }) => status === 'SUCCESSFUL')) {
    found.push((await services.revision(targetRevision)).taskDefinition);
    if (new Set(found).size === ENOUGH) break;
  }
  return found;
}

const Reported = v.object({ taskDefinition: v.string() });

/** Task definitions of the latest verified changes of a contracted service, by their signed reports. */
export async function verifiedRevisions(
  world: Pick<DeliveryWorld, 'vault' | 'trust' | 'clock'>,
  { target }: Pick<Admission, 'target'>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { id, state } of deployedChanges(world, target)) {
    if (!isVerified(state)) continue;
    const events = await loadChange(world.vault, world.trust, target, id);
    const report = await readDocument(world, id, 'report', evidenceIn(events, 'report'), Reported);
    found.push(report.taskDefinition);
    if (new Set(found).size === ENOUGH) break;
  }
  return found;
}
