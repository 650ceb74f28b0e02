import { Failure } from '@tenant-delivery/action-kit/failure';
import {
  type ProbeDefinition,
  type ProbeTerms,
  probeFamily,
} from '@tenant-delivery/deployment/health/probe-definition';
import { type ProbeRoute, probeRoute } from '@tenant-delivery/deployment/health/probe-route';
import { probeMeans, probePlace } from '@tenant-delivery/deployment/health/probe-surroundings';
import type { TaskToRun } from '@tenant-delivery/deployment/ports';
import type { Subject } from '../subject/subject.ts';
import type { HealthWorld, Probing } from '../verify-world.ts';

export interface ProbeRequest {
  readonly terms: ProbeTerms;
  /** By digest; `undefined` where nobody names one. */
  readonly image: string | undefined;
  /** What a contract names; without one it is that of what runs. */
  readonly agreed:
    | { readonly family: string; readonly balancer: string; readonly listenerPort: number }
    | undefined;
}

/** All that a probe needs, looked at before anything is started. */
export interface ProbePlan {
  /** The service whose balancer is asked. */
  readonly service: string;
  readonly terms: ProbeTerms;
  readonly route: ProbeRoute;
  readonly definition: ProbeDefinition;
  readonly place: TaskToRun['service'];
}

export type PlannedProbe =
  | { readonly kind: 'ready'; readonly plan: ProbePlan }
  /** The balancer hands this path to another service. */
  | { readonly kind: 'elsewhere'; readonly terms: ProbeTerms; readonly why: string }
  | { readonly kind: 'cannot'; readonly terms: ProbeTerms; readonly why: string };

/** Finds the way to the service and what the task is made of, or says why it can't be asked. Starts nothing. */
export async function planProbe(
  world: Pick<HealthWorld, 'services'>,
  probing: Pick<Probing, 'fronts'>,
  subject: Subject,
  asked: ProbeRequest,
): Promise<PlannedProbe> {
  const { terms } = asked;
  try {
    return await planned(world, probing, subject, asked);
  } catch (thrown) {
    if (!isOfAws(thrown)) throw thrown;
    return { kind: 'cannot', terms, why: thrown.message };
  }
}

/** A probe that AWS does not allow or answer proves nothing; every other failure is one of the run. */
export function isOfAws(thrown: unknown): thrown is Failure {
  return thrown instanceof Failure && thrown.code.startsWith('AWS_');
}

async function planned(
  { services }: Pick<HealthWorld, 'services'>,
  { fronts }: Pick<Probing, 'fronts'>,
  { cluster, service: name, groups, taskDefinition, container }: Subject,
  { terms, image, agreed }: ProbeRequest,
): Promise<PlannedProbe> {
  const cannot = (why: string): PlannedProbe => ({ kind: 'cannot', terms, why });
  if (image === undefined) return cannot('the contract names no image for probes');
  const [first] = groups;
  const balancer = first?.balancers.find(
    ({ arn, name, scheme }) =>
      scheme === 'internal' && arn.includes(':loadbalancer/app/') && (!agreed || name === agreed.balancer),
  );
  if (!first || !balancer) return cannot('the service is behind no internal Application Load Balancer');
  const [front, service, definition] = await Promise.all([
    fronts.front(balancer.arn),
    services.service(cluster, name),
    services.taskDefinition(taskDefinition),
  ]);
  if (!front || !service || !definition) return cannot('the balancer, the service or its revision is gone');
  const place = probePlace(service.document);
  if (!place) return cannot('the service has no network of its own (awsvpc)');
  const listeners = front.listeners.filter(({ port }) => !agreed || port === agreed.listenerPort);
  const found = probeRoute({ ...front, listeners }, first.group.arn, terms.path);
  if (found.kind !== 'route') return { ...found, terms };
  const { route } = found;
  return {
    kind: 'ready',
    plan: {
      service: name,
      terms,
      route,
      place,
      definition: {
        family: probeFamily(agreed?.family ?? definition.family),
        image,
        ...probeMeans(definition.document, container),
      },
    },
  };
}
