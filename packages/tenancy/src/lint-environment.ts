import { judged } from '@tenant-delivery/action-kit/readable';
import { partitionOf } from '@tenant-delivery/domain';
import { lintFloor } from '@tenant-delivery/findings/lint-floor';
import { completeEnvironment } from './complete-environment.ts';
import type { EnvironmentContract, ServiceAgreement, TenantContract } from './contract.ts';
import { lintApproval } from './lint-approval.ts';
import { lintBreakGlass } from './lint-break-glass.ts';
import { lintNetwork } from './lint-network.ts';
import { lintPorts, lintRepeatedPorts } from './lint-ports.ts';
import { lintRecovery } from './lint-recovery.ts';
import { lintRoutes } from './lint-routes.ts';
import { lintRegistry, lintSources } from './lint-sources.ts';
import { lintRegion, lintZones } from './lint-zones.ts';
import { repeated, unless } from './problems.ts';

/** What is wrong in one environment of a contract, each by its path in it. */
export function lintEnvironment(contract: TenantContract, name: string): readonly string[] {
  const environment = contract.environments[name];
  if (environment === undefined) return [];
  const deploys = () => `${contract.id}-${name}`;
  return judged(
    () => {
      const partition = partitionOf(environment.region);
      return unless(
        partition === contract.partition,
        `region: ${environment.region} is in the partition ${partition}, the contract in ${contract.partition}`,
      );
    },
    () => unless(new Set(environment.zones).size >= 2, 'zones: there must be at least two'),
    () => lintIds(environment),
    () => repeated(environment.zones).map((zone) => `zones: ${zone} is there twice`),
    () => lintRepeatedPorts(environment),
    () =>
      repeated(environment.network?.endpoints.services ?? []).map(
        (service) => `network.endpoints.services: ${service} is there twice`,
      ),
    () => lintListener(environment),
    () => lintBalancerNames(environment),
    () => lintLayers(environment),
    () => lintPorts(environment),
    () => lintServices(environment),
    () =>
      unless(
        environment.protection.environment === deploys(),
        `protection.environment: must be ${deploys()}, which the deploy role trusts`,
      ),
    () =>
      environment.protection.branches
        .filter((branch) => /^[*?]+$/.test(branch))
        .map((branch) => `protection.branches: ${branch} is every branch; name those that may deliver`),
    () => lintFloor(environment.scanFloor).map((problem) => `scanFloor.${problem}`),
    () => lintApproval(environment, `${deploys()}-approval`),
    () => lintBreakGlass(contract, name, environment),
    () => lintSources(contract, name, environment),
    () => lintRegistry(contract, environment),
    () => lintRegion(environment),
    () => (lintRegion(environment).length > 0 ? [] : lintZones(environment)),
    () => lintNetwork(environment),
    () => lintRecovery(contract, name, environment),
    () => lintRoutes(environment),
  ).map((problem) => `environments.${name}.${problem}`);
}

function lintLayers({ layers, layerEdges, network }: EnvironmentContract): readonly string[] {
  return judged(
    () =>
      repeated(Object.values(layers).flatMap(({ subnets = [] }) => subnets)).map(
        (subnet) => `layers: ${subnet} is there twice`,
      ),
    () =>
      layerEdges.flatMap(({ from, to }) =>
        [from, to]
          .filter((end) => !Object.hasOwn(layers, end) && !network?.links?.[end])
          .map((end) => `layerEdges: there is no layer ${end}`),
      ),
  );
}

function lintListener({ loadBalancer, network }: EnvironmentContract): readonly string[] {
  return loadBalancer.listenerPort === 443 && network !== undefined && !network.balancer.certificate
    ? ['network.balancer.certificate: is missing; without it port 443 answers in plain HTTP']
    : [];
}

/** "CreateLoadBalancer" and "CreateTargetGroup", Elastic Load Balancing API reference. */
function lintBalancerNames({ loadBalancer, services }: EnvironmentContract): readonly string[] {
  const dashed = (at: string, name: string) =>
    unless(!/^-|-$/.test(name), `${at}: ${name} may not begin or end with a dash`);
  return judged(
    () => dashed('loadBalancer.name', loadBalancer.name),
    () =>
      unless(
        !loadBalancer.name.startsWith('internal-'),
        `loadBalancer.name: ${loadBalancer.name} may not begin with internal-, which AWS puts in front of it`,
      ),
    ...Object.keys(services).map(
      (service) => () => dashed(`services.${service}.targetGroup`, services[service]?.targetGroup ?? ''),
    ),
  );
}

const ALONE = ['repository', 'family', 'targetGroup', 'logGroup'] as const;

function lintServices({ services, layers, layerEdges }: EnvironmentContract): readonly string[] {
  const each = Object.keys(services).map((service) => () => {
    const { layer, capacity } = services[service] as ServiceAgreement; // one of its keys
    const at = `services.${service}`;
    return judged(
      () => unless(Object.hasOwn(layers, layer), `${at}.layer: there is no layer ${layer}`),
      () =>
        unless(
          !Object.hasOwn(layers, layer) || layerEdges.some(({ to }) => to === layer),
          `${at}.layer: no edge leads into ${layer}, so nothing could reach the service`,
        ),
      () =>
        unless(
          capacity.base <= capacity.maximum,
          `${at}.capacity: base ${capacity.base} is more than maximum ${capacity.maximum}`,
        ),
    );
  });
  const shared = ALONE.map(
    (resource) => () =>
      repeated(Object.values(services).map((agreement) => agreement[resource])).map(
        (name) => `services: two share the ${resource} ${name}`,
      ),
  );
  return judged(...each, ...shared);
}

/** Ids are outputs of the stacks where a provider makes the network. Where nobody here makes it, they must be there. */
function lintIds(environment: EnvironmentContract): readonly string[] {
  if (environment.network !== undefined) return [];
  const found = completeEnvironment(environment);
  return 'missing' in found
    ? found.missing.map((path) => `${path}: is missing; without \`network\`, name what is there`)
    : [];
}
