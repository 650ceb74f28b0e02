import type { RegistryLogin, RegistryWriter, RepositoryFacts } from '@tenant-delivery/oci/registry/port';
import {
  requireUncontractedClearance,
  type UncontractedRepositories,
} from '@tenant-delivery/tenancy/uncontracted';
import type { AmbientSession } from '../session/ambient-session.ts';
import { ecrClient } from './ecr-client.ts';
import { describeRepository, registryLogin } from './registry.ts';
import { ecrRepository } from './repository.ts';

/** The registry of the account that the job's own credentials belong to. A push needs proof that no contract is about the repository. */
export interface EcrOwnRegistry {
  /** The repository's own tags, which say who owns it; not those of its images. */
  ownTags(repository: string): Promise<Readonly<Record<string, string>> | 'absent'>;
  describe(repository: string): Promise<RepositoryFacts | 'absent'>;
  connect(
    permit: UncontractedRepositories,
  ): Promise<{ readonly writer: RegistryWriter; readonly login: RegistryLogin }>;
}

export function ecrOwnRegistry(session: AmbientSession, mask: (secret: string) => void): EcrOwnRegistry {
  const ecr = ecrClient(session.clientConfig('build'));
  const login = registryLogin(session, mask);
  return {
    ownTags: ecrRepository(session, 'build').ownTags,
    describe: (repository) => describeRepository(ecr, session.identity.account, repository),
    async connect(permit) {
      requireUncontractedClearance(permit, session.clock.now());
      return login();
    },
  };
}
