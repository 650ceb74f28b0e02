import { judged } from '@tenant-delivery/action-kit/readable';
import { FARGATE_MEMORY } from '@tenant-delivery/domain/fargate-memory';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import { pairs } from './address-ranges.ts';
import type { EnvironmentContract } from './contract.ts';
import { covers } from './lint-ports.ts';
import type { ServiceProvision } from './network-agreement.ts';

/** A service that is to be made. */
interface Wanted {
  readonly service: string;
  readonly provision: ServiceProvision;
}

/** Each service that is to be made needs a network to be made in, and a way to be reached that no other service has. */
export function lintRoutes(environment: EnvironmentContract): readonly string[] {
  const wanted = (): readonly Wanted[] =>
    Object.entries(environment.services).flatMap(([service, { provision }]) =>
      provision === undefined ? [] : [{ service, provision }],
    );
  const each = Object.keys(environment.services).map((service) => () => lintProvision(environment, service));
  return judged(
    ...each,
    () => pairs(wanted()).flatMap(([a, b]) => lintBoth(a, b)),
    () => pairs(wanted()).flatMap(([a, b]) => [...lintHidden(a, b), ...lintHidden(b, a)]),
  );
}

function lintProvision(environment: EnvironmentContract, service: string): readonly string[] {
  const { provision, capacity } = environment.services[service] ?? {};
  if (provision === undefined) return [];
  return judged(
    () => (environment.network === undefined ? [': the environment has no network to make it in'] : []),
    () =>
      environment.probe === undefined
        ? [': it starts with the image of probe, which the environment does not name']
        : [],
    () =>
      provision.route.paths === undefined && provision.route.hosts === undefined
        ? ['.route: name paths or hosts']
        : [],
    () => lintSize(provision),
    () =>
      Object.keys(provision.scaleOn).length === 0 &&
      capacity !== undefined &&
      capacity.base < capacity.maximum
        ? [
            `.scaleOn: names nothing, so there would never be more than base ${capacity.base}; name cpu, memory or requests`,
          ]
        : [],
    () => lintWay(environment, service, provision.port),
    () => lintImages(environment, service),
  ).map((problem) => `services.${service}.provision${problem}`);
}

/** "Task size", Amazon ECS task definition parameters for Fargate. */
function lintSize({ size: { cpu, memory } }: ServiceProvision): readonly string[] {
  const amounts = FARGATE_MEMORY.get(cpu);
  if (amounts === undefined)
    return [`.size.cpu: is ${cpu}; Fargate has ${[...FARGATE_MEMORY.keys()].join(', ')}`];
  if (amounts.includes(memory)) return [];
  const near = amounts.find((amount) => amount >= memory) ?? amounts.at(-1);
  return [
    `.size.memory: is ${memory}; beside ${cpu} of CPU, Fargate has ${amounts[0]} to ${amounts.at(-1)} MiB in steps, such as ${near}`,
  ];
}

/** Groups let nothing through but what the layer matrix says, within a layer too. */
function lintWay(
  { network, layerEdges, services }: EnvironmentContract,
  service: string,
  port: number,
): readonly string[] {
  const [from, to] = [network?.balancer.layer, services[service]?.layer];
  const into = layerEdges.filter((edge) => edge.to === to); // none at all is told where the service is judged
  const open = into.some((edge) => edge.from === from && edge.protocol === 'tcp' && covers(edge.ports, port));
  return from === undefined || into.length === 0 || open
    ? []
    : [
        `.port: no edge of layerEdges leads from ${from}, where the load balancer is, to ${to} with the port ${port}; its tasks would never be healthy`,
      ];
}

/**
 * Layers of images come from S3 ("Amazon ECR interface VPC endpoints"), whose endpoint has no group that a rule could name:
 * the group of a layer lets nothing out to it unless it lets HTTPS out.
 */
function lintImages({ network, services }: EnvironmentContract, service: string): readonly string[] {
  const layer = services[service]?.layer ?? '';
  return network?.layers[layer]?.egress === 'none'
    ? [
        `: the layer ${layer} has egress: none, so its tasks could not load their image, which comes from S3; put the service into a layer with egress: nat`,
      ]
    : [];
}

function lintBoth(a: Wanted, b: Wanted): readonly string[] {
  const { priority } = b.provision.route;
  return a.provision.route.priority === priority
    ? [`services.${b.service}.provision.route.priority: ${priority} is the priority of ${a.service} too`]
    : [];
}

/** A rule that is asked first and takes everything that the other one would. */
function lintHidden(first: Wanted, second: Wanted): readonly string[] {
  const [a, b] = [first.provision.route, second.provision.route];
  const paths = (b.paths ?? ['/*']).every((path) =>
    (a.paths ?? ['/*']).some((each) => matchesGlob(each, path)),
  );
  const hosts = (b.hosts ?? ['*']).every((host) =>
    (a.hosts ?? ['*']).some((each) => matchesGlob(each, host)),
  );
  return a.priority < b.priority && paths && hosts
    ? [
        `services.${second.service}.provision.route: ${first.service} comes first, with priority ${a.priority}, and takes all of its requests; give this one a lower priority, or narrow the other`,
      ]
    : [];
}
