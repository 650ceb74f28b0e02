import type { Holder } from '../../world/secret-store.ts';
import type { RepositoryCall } from '../call.ts';
import { notFound } from '../errors.ts';

/** The environment that a path names; one that is not there is not made for it. */
export function environmentHolder({ repository, parameters }: RepositoryCall): Holder {
  const environment = repository.environments.get((parameters['environment_name'] ?? '').toLowerCase());
  if (!environment) throw notFound();
  return { kind: 'environment', repository, environment };
}
