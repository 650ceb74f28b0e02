import { judged } from '@tenant-delivery/action-kit/readable';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import { repeated } from './problems.ts';

/** What speaks against taking what is there into stacks, as far as the contract alone can tell. */
export function lintAdoption({ environments }: TenantContract): readonly string[] {
  const adopted = Object.entries(environments).filter(([, { adopt }]) => adopt);
  return judged(
    ...adopted.map(
      ([name, environment]) =>
        () =>
          lintMade(environment).map((problem) => `environments.${name}.adopt: ${problem}`),
    ),
    () => lintNamedTwice(adopted),
  );
}

/** The same thing cannot be there already and still have to be made. */
function lintMade({ network, services }: EnvironmentContract): readonly string[] {
  const made = Object.entries(services).filter(([, { provision }]) => provision !== undefined);
  return [
    ...(network === undefined ? [] : ['`network` asks for a network to be made; leave out one of the two']),
    ...made.map(
      ([service]) =>
        `services.${service}.provision asks for the service to be made; leave it out, what is there is adopted`,
    ),
  ];
}

type Named = readonly (readonly [name: string, environment: EnvironmentContract])[];

/** A resource belongs to one stack, and each of these places puts it into one. */
function lintNamedTwice(adopted: Named): readonly string[] {
  const places = adopted.flatMap(([name, environment]) => placesOf(name, environment));
  return repeated(places.map(({ what }) => what)).map((what) => {
    const [first, ...others] = places.filter((place) => place.what === what).map(({ at }) => at);
    return `${others.join(', ')}: ${what.split(' ').at(-1)} is adopted as ${first} already`;
  });
}

function placesOf(
  name: string,
  { region, vpc, layers, cluster, loadBalancer, services }: EnvironmentContract,
) {
  const place = (path: string, kind: string, value: string) => ({
    at: `environments.${name}.${path}`,
    what: `${region} ${kind} ${value}`,
  });
  return [
    ...(vpc.id === undefined ? [] : [place('vpc.id', 'vpc', vpc.id)]),
    ...Object.entries(layers).flatMap(([layer, { subnets = [], securityGroups = [] }]) => [
      ...subnets.map((id) => place(`layers.${layer}.subnets`, 'subnet', id)),
      ...securityGroups.map((id) => place(`layers.${layer}.securityGroups`, 'group', id)),
    ]),
    place('cluster', 'cluster', cluster),
    place('loadBalancer.name', 'balancer', loadBalancer.name),
    ...Object.entries(services).flatMap(([service, { targetGroup, logGroup }]) => [
      place(`services.${service}.targetGroup`, 'target-group', targetGroup),
      place(`services.${service}.logGroup`, 'log-group', logGroup),
    ]),
  ];
}
