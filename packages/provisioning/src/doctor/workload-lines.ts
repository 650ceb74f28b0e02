import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, ok, present, type Verdict, wrong } from './line.ts';
import { madeAgain } from './made-by-stacks.ts';
import { balancerLines, layerLines } from './network-lines.ts';
import type { FoundThing, Sight } from './ports.ts';
import { serviceLines } from './service-lines.ts';
import { tagLine } from './tag-line.ts';

/** What a delivery finds in the environment: cluster, balancer, subnets, and of each service what surrounds it. */
export function workloadLines(place: AgreedEnvironment, sight: Sight): readonly Asked[] {
  const { cluster, loadBalancer, services } = place.environment;
  const found = sight.account.cluster(cluster);
  const balancer = sight.account.balancer(loadBalancer.name);
  const arnOfBalancer = balancer.then((is) => is?.arn);
  arnOfBalancer.catch(() => {}); // awaited where a target group is there; the balancer's own line says why it was not seen
  return [
    { id: 'cluster', about: `cluster ${cluster}`, verdict: judgedCluster(place, found) },
    tagLine(
      place,
      sight,
      { id: 'cluster/tags', about: `tags of the cluster ${cluster}`, tag: 'aws ecs tag-resource' },
      found,
    ),
    ...balancerLines(place, sight, balancer),
    ...layerLines(place, sight),
    ...Object.entries(services).flatMap(([name, agreed]) =>
      serviceLines(place, sight, name, agreed, arnOfBalancer),
    ),
  ];
}

function judgedCluster(place: AgreedEnvironment, asked: Promise<FoundThing | undefined>): Promise<Verdict> {
  const { cluster, region, network } = place.environment;
  const make = network
    ? madeAgain(place, 'network')
    : `aws ecs create-cluster --region ${region} --cluster-name ${cluster}`;
  return present(asked, wrong('there is none', make), ({ status, arn }) =>
    status === 'ACTIVE' ? ok(arn) : wrong(`it is ${status}`, make),
  );
}
