import { judged } from '@tenant-delivery/action-kit/readable';
import type { TenantContract } from './contract.ts';
import { repeated, unless } from './problems.ts';

/** Who delivers, by which releases, and who publishes the contract. */
export function lintParties(contract: TenantContract): readonly string[] {
  return judged(
    () => lintIds(contract),
    () => lintDelivered(contract),
    () => lintReleases(contract),
    () => lintPublishers(contract),
  );
}

function lintIds({ repositories, operations }: TenantContract): readonly string[] {
  const ids = [...repositories.map(({ repositoryId }) => repositoryId), operations.repositoryId];
  return repeated(ids).map((id) => `repositories: the repository id ${id} is there twice`);
}

function lintDelivered({ repositories, environments }: TenantContract): readonly string[] {
  const agreed = new Set(Object.values(environments).flatMap(({ services }) => Object.keys(services)));
  const delivered = new Set(repositories.flatMap(({ services }) => services));
  return [
    ...[...delivered]
      .filter((service) => !agreed.has(service))
      .map((service) => `repositories: ${service} is a service of no environment`),
    ...[...agreed]
      .filter((service) => !delivered.has(service))
      .map((service) => `repositories: none may deliver ${service}`),
  ];
}

/** The stacks of an environment hold the vault, and only these roles may publish into it. */
function lintPublishers({ publishers = [], environments }: TenantContract): readonly string[] {
  const provisioned = Object.entries(environments).filter(
    ([, { network, services }]) =>
      network !== undefined || Object.values(services).some(({ provision }) => provision !== undefined),
  );
  if (provisioned.length === 0) return [];
  const names = provisioned.map(([name]) => name).join(', ');
  return unless(
    publishers.length > 0,
    `publishers: name the roles that publish contracts, by their ARNs; without them the foundation of ${names} cannot be provisioned`,
  );
}

function lintReleases({ releases = [] }: TenantContract): readonly string[] {
  return [
    ...unless(
      releases.length > 0,
      'releases: name the releases in use, such as [v1.12.0]; the roles trust their workflows and no other',
    ),
    ...repeated(releases).map((release) => `releases: ${release} is there twice`),
  ];
}
