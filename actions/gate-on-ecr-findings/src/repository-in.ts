import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { failures } from './failures.ts';

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** A repository's name in the registry of the credentials, and how images of it are named. */
export interface OwnRepository {
  readonly name: string;
  readonly uri: string;
}

/** Of a name, or of an image's name with its registry, which must be the one that these credentials ask. */
export function repositoryIn(
  given: string,
  { account, partition }: CallerIdentity,
  region: string,
  local: boolean,
): OwnRepository {
  const [first = '', ...rest] = given.split('/');
  if (rest.length === 0 || !/[.:]/.test(first)) {
    const host = `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
    return { name: given, uri: `${host}/${given}` };
  }
  const here = `${account} in ${region}`;
  const [, owner, place] = ECR.exec(first) ?? [];
  // local-aws serves the registries of all its accounts at one address.
  if (owner === undefined && !local)
    throw failures.imageElsewhere(given, `${first}, which is no registry of ECR`, here);
  if (owner !== undefined && (owner !== account || place !== region))
    throw failures.imageElsewhere(given, `${owner} in ${place}`, here);
  return { name: rest.join('/'), uri: given };
}
