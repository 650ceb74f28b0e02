import type { SecretHome } from '@tenant-delivery/credentials/secret-home';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';
import type { Sharing } from './sharing.ts';

interface Answer {
  readonly data: unknown;
  readonly url: string;
}
type Pages = AsyncIterable<Answer>;

/** A value that was sealed, and the public key that it was sealed to. */
export interface SealedValue {
  readonly encrypted_value: string;
  readonly key_id: string;
}

/** GitHub's routes to the secrets and variables of one home: each kind of home has routes of its own. */
export interface SecretRoutes {
  readonly publicKey: () => Promise<Answer>;
  readonly secrets: () => Pages;
  readonly putSecret: (name: string, value: SealedValue, sharing: Sharing | undefined) => Promise<Answer>;
  readonly deleteSecret: (name: string) => Promise<Answer>;
  readonly variable: (name: string) => Promise<Answer>;
  readonly updateVariable: (name: string, value: string) => Promise<Answer>;
  readonly createVariable: (name: string, value: string, sharing: Sharing | undefined) => Promise<Answer>;
  /** The repositories that see a secret or a variable of an organisation; of other homes there are none to ask for. */
  readonly selectedFor?: {
    readonly secret: (name: string) => Pages;
    readonly variable: (name: string) => Pages;
  };
}

const per_page = 100; // GitHub's maximum

export function secretRoutes(github: GithubClient, home: SecretHome): SecretRoutes {
  switch (home.kind) {
    case 'repository':
      return ofRepository(github, parametersOf(home.repository));
    case 'environment':
      return ofEnvironment(github, {
        ...parametersOf(home.repository),
        environment_name: home.environment,
      });
    case 'organisation':
      return ofOrganisation(github, { org: home.organisation });
  }
}

function ofRepository(
  { paginate, rest: { actions } }: GithubClient,
  at: { readonly owner: string; readonly repo: string },
): SecretRoutes {
  return {
    publicKey: () => actions.getRepoPublicKey(at),
    secrets: () => paginate.iterator(actions.listRepoSecrets, { ...at, per_page }),
    putSecret: (secret_name, value) => actions.createOrUpdateRepoSecret({ ...at, secret_name, ...value }),
    deleteSecret: (secret_name) => actions.deleteRepoSecret({ ...at, secret_name }),
    variable: (name) => actions.getRepoVariable({ ...at, name }),
    updateVariable: (name, value) => actions.updateRepoVariable({ ...at, name, value }),
    createVariable: (name, value) => actions.createRepoVariable({ ...at, name, value }),
  };
}

function ofEnvironment(
  { paginate, rest: { actions } }: GithubClient,
  at: { readonly owner: string; readonly repo: string; readonly environment_name: string },
): SecretRoutes {
  return {
    publicKey: () => actions.getEnvironmentPublicKey(at),
    secrets: () => paginate.iterator(actions.listEnvironmentSecrets, { ...at, per_page }),
    putSecret: (secret_name, value) =>
      actions.createOrUpdateEnvironmentSecret({ ...at, secret_name, ...value }),
    deleteSecret: (secret_name) => actions.deleteEnvironmentSecret({ ...at, secret_name }),
    variable: (name) => actions.getEnvironmentVariable({ ...at, name }),
    updateVariable: (name, value) => actions.updateEnvironmentVariable({ ...at, name, value }),
    createVariable: (name, value) => actions.createEnvironmentVariable({ ...at, name, value }),
  };
}

function ofOrganisation(
  { paginate, rest: { actions } }: GithubClient,
  at: { readonly org: string },
): SecretRoutes {
  return {
    publicKey: () => actions.getOrgPublicKey(at),
    secrets: () => paginate.iterator(actions.listOrgSecrets, { ...at, per_page }),
    putSecret: (secret_name, value, sharing) =>
      actions.createOrUpdateOrgSecret({ ...at, secret_name, ...value, ...sharedWith(secret_name, sharing) }),
    deleteSecret: (secret_name) => actions.deleteOrgSecret({ ...at, secret_name }),
    variable: (name) => actions.getOrgVariable({ ...at, name }),
    updateVariable: (name, value) => actions.updateOrgVariable({ ...at, name, value }),
    createVariable: (name, value, sharing) =>
      actions.createOrgVariable({ ...at, name, value, ...sharedWith(name, sharing) }),
    selectedFor: {
      secret: (secret_name) =>
        paginate.iterator(actions.listSelectedReposForOrgSecret, { ...at, secret_name, per_page }),
      variable: (name) =>
        paginate.iterator(actions.listSelectedReposForOrgVariable, { ...at, name, per_page }),
    },
  };
}

/** What a write says of who sees it. */
function sharedWith(name: string, sharing: Sharing | undefined) {
  if (!sharing) throw new TypeError(`nobody has said who may see ${name}`);
  const { visibility, repositories } = sharing;
  return visibility === 'selected'
    ? { visibility, selected_repository_ids: repositories.map(({ id }) => id) }
    : { visibility };
}
