import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './api/server.ts';
import { apiOf } from './api/url.ts';
import { issuerOf } from './oidc/issuer.ts';
import { type Environment, type EnvironmentSettings, setEnvironment } from './world/environment.ts';
import type { Fault } from './world/fault.ts';
import { type NewPullRequest, openPullRequest, type PullRequest } from './world/pull-request.ts';
import { addRepository, type NewRepository, type Repository, repositoryNamed } from './world/repository.ts';
import { addUser, type NewUser, type User } from './world/user.ts';
import { type Clock, createWorld, type RecordedCall, type World } from './world/world.ts';

export interface LocalGithub {
  /** `GITHUB_SERVER_URL`. */
  readonly url: string;
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string;
  /** `iss` of the identity tokens; its keys are at `/.well-known/jwks`. */
  readonly issuer: string;
  readonly world: World;
  /** Every call to the API that was answered, in order. */
  readonly calls: readonly RecordedCall[];
  addUser(user: NewUser): User;
  addRepository(repository: NewRepository): Repository;
  /** Creates or replaces the environment of a repository, named in full (`acme/orders`). */
  setEnvironment(repository: string, settings: EnvironmentSettings): Environment;
  openPullRequest(pull: NewPullRequest): Promise<PullRequest>;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

export interface LocalGithubOptions {
  /** Any free port unless told. */
  readonly port?: number;
  /** Milliseconds since the epoch. Give it the clock of local-aws, which checks the lives of identity tokens. */
  readonly clock?: Clock;
}

/** GitHub's API and identity token issuer, on a loopback port of this process. */
export async function startLocalGithub(options: LocalGithubOptions = {}): Promise<LocalGithub> {
  const server = createServer();
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port ?? 0, '127.0.0.1', resolve);
  await listening;
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const world = createWorld(`http://127.0.0.1:${port}`, options.clock);
  server.on('request', answer(world));
  return {
    url: world.url,
    apiUrl: apiOf(world),
    issuer: issuerOf(world),
    world,
    calls: world.calls,
    openPullRequest: (pull) => openPullRequest(world, pull),
    fail: (fault) => world.faults.add(fault),
    addUser: (user) => addUser(world, user),
    addRepository: (repository) => addRepository(world, repository),
    setEnvironment: (name, settings) => setEnvironment(world, repositoryNamed(world, name), settings),
    close: async () => {
      const { promise, resolve: closed } = Promise.withResolvers<void>();
      server.close(() => closed());
      server.closeAllConnections();
      await promise;
    },
  };
}
