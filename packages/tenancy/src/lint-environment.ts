import { partitionOf } from '@tenant-delivery/domain';
import { lintFloor } from '@tenant-delivery/findings/lint-floor';
import { completeEnvironment } from './complete-environment.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { lintApproval } from './lint-approval.ts';
import { lintBreakGlass } from './lint-break-glass.ts';
import { lintNetwork, lintRoutes } from './lint-network.ts';
import { lintPorts } from './lint-ports.ts';
import { lintRecovery } from './lint-recovery.ts';
import { lintRegistry, lintSources } from './lint-sources.ts';
import { lintRegion, lintZones } from './lint-zones.ts';
import { repeated, unless } from './problems.ts';

/** What is wrong in one environment of a contract, each by its path in it. */
export function lintEnvironment(
  contract: TenantContract,
  name: string,
  environment: EnvironmentContract,
): readonly string[] {
  const { region, zones, layers, layerEdges, protection } = environment;
  const partition = partitionOf(region);
  const subnets = Object.values(layers).flatMap((layer) => layer.subnets ?? []);
  const deploys = `${contract.id}-${name}`;
  return [
    ...unless(
      partition === contract.partition,
      `region: ${region} is in the partition ${partition}, the contract in ${contract.partition}`,
    ),
    ...unless(new Set(zones).size >= 2, 'zones: there must be at least two'),
    ...lintIds(environment),
    ...repeated(zones).map((zone) => `zones: ${zone} is there twice`),
    ...repeated(subnets).map((subnet) => `layers: ${subnet} is there twice`),
    ...layerEdges.flatMap(({ from, to }) =>
      [from, to]
        .filter((end) => !layers[end] && !environment.network?.links?.[end])
        .map((end) => `layerEdges: there is no layer ${end}`),
    ),
    ...lintPorts(environment),
    ...lintServices(environment),
    ...unless(
      protection.environment === deploys,
      `protection.environment: must be ${deploys}, which the deploy role trusts`,
    ),
    ...lintFloor(environment.scanFloor).map((problem) => `scanFloor.${problem}`),
    ...lintApproval(environment, `${deploys}-approval`),
    ...lintBreakGlass(contract, name, environment),
    ...lintSources(contract, name, environment),
    ...lintRegistry(contract, environment),
    ...lintRegion(environment),
    ...(lintRegion(environment).length > 0 ? [] : lintZones(environment)),
    ...lintNetwork(environment),
    ...lintRecovery(contract, name, environment),
    ...lintRoutes(environment),
  ];
}

function lintServices({ services, layers, layerEdges }: EnvironmentContract): readonly string[] {
  return [
    ...Object.entries(services).flatMap(
      ([
        service,
        {
          layer,
          capacity: { base, maximum },
        },
      ]) => [
        ...unless(layers[layer] !== undefined, `services.${service}.layer: there is no layer ${layer}`),
        ...unless(
          layerEdges.some((edge) => edge.to === layer),
          `services.${service}.layer: no edge leads into ${layer}, so nothing could reach the service`,
        ),
        ...unless(
          base <= maximum,
          `services.${service}.capacity: base ${base} is more than maximum ${maximum}`,
        ),
      ],
    ),
    ...(['repository', 'family', 'targetGroup', 'logGroup'] as const).flatMap((resource) =>
      repeated(Object.values(services).map((agreement) => agreement[resource])).map(
        (shared) => `services: two share the ${resource} ${shared}`,
      ),
    ),
  ];
}

/** Ids are outputs of the stacks where a provider makes the network. Where nobody here makes it, they must be there. */
function lintIds(environment: EnvironmentContract): readonly string[] {
  if (environment.network !== undefined) return [];
  const found = completeEnvironment(environment);
  return 'missing' in found
    ? found.missing.map((path) => `${path}: is missing; without \`network\`, name what is there`)
    : [];
}
