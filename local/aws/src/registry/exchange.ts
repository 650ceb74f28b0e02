import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf } from '../authorization/authorize.ts';
import type { Behaviour } from '../world/behaviour.ts';
import type { World } from '../world/world.ts';
import { nameUnknown, RegistryError, tooManyRequests } from './error.ts';
import { ecrState, type Repository } from './store.ts';
import type { RegistryToken } from './tokens.ts';

/** One request of a known caller, with what every route needs of it. */
export interface Exchange {
  readonly world: World;
  readonly behaviour: Behaviour | undefined;
  readonly token: RegistryToken;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
}

/** Asks IAM for the caller of a registry request: their token has the permissions that they had to ask for it. */
export function permit({ world, token }: Exchange, actions: readonly string[], name: string): void {
  const { principal, account, region } = token;
  const resource = `arn:aws:ecr:${region}:${account}:repository/${name}`;
  const { repositories } = ecrState(world, account, region);
  const resourceTags =
    (Object.hasOwn(repositories, name) ? repositories[name]?.resourceTags : undefined) ?? {};
  const refusal = refusalOf(
    { world, principal, region },
    actions.map((action) => ({ action, resource, resourceTags })),
  );
  if (refusal !== undefined) throw new RegistryError('DENIED', 403, refusal);
}

/** A push or pull draws from the buckets of the operations that Docker's requests become ("Amazon ECR service quotas"). */
export function holdBack({ behaviour, token }: Exchange, actions: readonly string[]): void {
  const { account, region } = token;
  const empty = actions
    .map((action) => action.replace('ecr:', ''))
    .find((operation) => behaviour?.throttling.emptyFor({ service: 'ecr', operation, account, region }));
  if (empty === undefined) return;
  behaviour?.witness.throttled('ecr', empty);
  throw tooManyRequests();
}

/** A repository of the caller's own account; another account's does not exist for it. */
export function repositoryOf({ world, token }: Exchange, name: string): Repository {
  const { repositories } = ecrState(world, token.account, token.region);
  const repository = Object.hasOwn(repositories, name) ? repositories[name] : undefined;
  if (repository === undefined) throw nameUnknown(name, token.account);
  return repository;
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export function answer(
  { response, method }: Exchange,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  body: Buffer | string = '',
): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  response.end(method === 'HEAD' ? undefined : body);
}

export function methodNotAllowed({ method, url }: Exchange): RegistryError {
  return new RegistryError('UNSUPPORTED', 405, `${method} ${url.pathname} is not supported`);
}
