import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { PARTITIONS, partitionOf } from '@tenant-delivery/domain';
import { failures } from './failures.ts';

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(.+)$/;

const domainOf = (region: string) => PARTITIONS[partitionOf(region)].domain;

/** A repository's name in the registry of the credentials, and how images of it are named. */
export interface OwnRepository {
  readonly name: string;
  readonly uri: string;
}

/** Reads a repository's name, with or without a registry. The registry must be the one of these credentials. */
export function repositoryIn(
  given: string,
  { account }: CallerIdentity,
  region: string,
  local: boolean,
): OwnRepository {
  const [first = '', ...rest] = given.split('/');
  if (rest.length === 0 || !/[.:]/.test(first)) {
    return { name: given, uri: `${account}.dkr.ecr.${region}.${domainOf(region)}/${given}` };
  }
  const here = `${account} in ${region}`;
  const [, owner, place, domain] = ECR.exec(first) ?? [];
  const isEcr = owner !== undefined && place !== undefined && domain === domainOf(place);
  // local-aws serves the registries of all its accounts at one address.
  if (!isEcr && !local) throw failures.imageElsewhere(given, `${first}, which is no registry of ECR`, here);
  if (isEcr && (owner !== account || place !== region))
    throw failures.imageElsewhere(given, `${owner} in ${place}`, here);
  return { name: rest.join('/'), uri: given };
}
