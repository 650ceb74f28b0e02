import type { Role } from '../world/repository.ts';
import type { Call, Need, OrganisationCall, Reply, RepositoryCall, Route } from './call.ts';

type Handle<C> = (call: C) => Promise<Reply> | Reply;

/** A route that belongs to no repository. */
export function open(method: string, path: string, handle: Handle<Call>): Route {
  return { kind: 'open', method, path, handle };
}

/** A GET of a repository. A job needs one of the scopes. */
export function read(scopes: Need['scopes'], path: string, handle: Handle<RepositoryCall>): Route {
  return { kind: 'repository', method: 'GET', path, need: { scopes, access: 'read', role: 'read' }, handle };
}

/** A change in a repository. `role` is what a user needs. */
export function write(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  scopes: Need['scopes'],
  path: string,
  handle: Handle<RepositoryCall>,
  role: Role = 'write',
): Route {
  return { kind: 'repository', method, path, need: { scopes, access: 'write', role }, handle };
}

/** Something of an organisation: for its owner, and for Apps that were granted this there. */
export function ofOrganisation(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  scopes: Need['scopes'],
  path: string,
  handle: Handle<OrganisationCall>,
): Route {
  const access = method === 'GET' ? 'read' : 'write';
  return { kind: 'organisation', method, path, need: { scopes, access }, handle };
}
