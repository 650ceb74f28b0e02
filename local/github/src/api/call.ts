import type { IncomingHttpHeaders } from 'node:http';
import type { Access, AppPermission, Scope } from '../world/permissions.ts';
import type { Repository, Role } from '../world/repository.ts';
import type { Principal } from '../world/tokens.ts';
import type { User } from '../world/user.ts';
import type { World } from '../world/world.ts';

/** One request to the API, after authentication. */
export interface Call {
  readonly world: World;
  /** Undefined for a request without a token. */
  readonly principal: Principal | undefined;
  readonly method: string;
  /** Below the API's base: `/repos/acme/orders`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Named parts of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; an empty object without one, and for a file. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it was sent. */
  readonly bytes: Buffer;
}

/** A request to something of a repository that its token may see. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** A request to something of an organisation. */
export interface OrganisationCall extends Call {
  readonly organisation: User;
}

export interface Reply {
  readonly status: number;
  /** Undefined: nothing is sent. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a token needs. */
export interface Need {
  /** Of a job or an App: any one of these. `metadata` is granted to all; what only Apps can have, no job has. */
  readonly scopes: readonly (Scope | AppPermission | 'metadata')[];
  readonly access: Exclude<Access, 'none'>;
  /** Of a user. */
  readonly role: Role;
}

export type Route =
  | {
      readonly kind: 'open';
      readonly method: string;
      readonly path: string;
      handle(call: Call): Promise<Reply> | Reply;
    }
  | {
      readonly kind: 'repository';
      readonly method: string;
      /** Below `/repos/{owner}/{repo}`. A parameter written `{name...}` takes slashes too. */
      readonly path: string;
      readonly need: Need;
      handle(call: RepositoryCall): Promise<Reply> | Reply;
    }
  | {
      readonly kind: 'organisation';
      readonly method: string;
      /** Below `/orgs/{org}`. */
      readonly path: string;
      readonly need: Pick<Need, 'scopes' | 'access'>;
      handle(call: OrganisationCall): Promise<Reply> | Reply;
    };

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}
