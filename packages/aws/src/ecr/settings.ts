import type { Json } from '@tenant-delivery/domain';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import type { RepositoryEncryption } from '@tenant-delivery/oci/registry/port';
import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import { objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';

/** How a registry of ECR treats what is pushed to its repositories, and making one. */
export function ecrSettings(session: Pick<Session, 'clientConfig' | 'target'>) {
  const { account } = session.target;
  const call = jsonCaller(ECR, session.clientConfig('build'));
  return {
    /** Regions of this account to which images of the repository are copied. */
    async replicatedTo(repository: string): Promise<readonly string[]> {
      const answer = await translated('ecr:DescribeRegistry', call('DescribeRegistry', {}));
      const configuration = required(
        objectIn(answer, 'replicationConfiguration'),
        'the replication configuration',
      );
      return required(objectsIn(configuration, 'rules'), 'replicationConfiguration.rules')
        .filter((rule) => fits(rule, (filter) => repository.startsWith(filter)))
        .flatMap((rule) => required(objectsIn(rule, 'destinations'), 'the destinations of a rule'))
        .filter((to) => textIn(to, 'registryId') === account)
        .map((to) => required(textIn(to, 'region'), 'the region of a destination'));
    },

    /** The profiles with which the registry signs images of the repository. */
    async signedWith(repository: string): Promise<readonly string[]> {
      const answer = await translated('ecr:GetSigningConfiguration', call('GetSigningConfiguration', {}), [
        'SigningConfigurationNotFoundException',
      ]);
      if (answer === 'SigningConfigurationNotFoundException') return [];
      const configuration = required(objectIn(answer, 'signingConfiguration'), 'the signing configuration');
      const profiles = required(objectsIn(configuration, 'rules'), 'signingConfiguration.rules')
        .filter((rule) => fits(rule, (filter) => matchesGlob(filter, repository)))
        .map((rule) => required(textIn(rule, 'signingProfileArn'), 'the profile of a rule'));
      return [...new Set(profiles)];
    },

    /**
     * A repository whose tags never move, marked as one under this contract. One that somebody else has made meanwhile is
     * left as it is.
     */
    async makeRepository(name: string, encryption: RepositoryEncryption, contract: string): Promise<void> {
      const { type, key } = encryption;
      const sent = call('CreateRepository', {
        registryId: account,
        repositoryName: name,
        imageTagMutability: 'IMMUTABLE',
        tags: [{ Key: CONTRACT_TAG, Value: contract }],
        encryptionConfiguration: { encryptionType: type, ...(key !== undefined && { kmsKey: key }) },
      });
      await translated('ecr:CreateRepository', sent, ['RepositoryAlreadyExistsException']);
    },
  };
}

/** A rule without filters is for every repository. */
function fits(rule: Json, holds: (filter: string) => boolean): boolean {
  const filters = objectsIn(rule, 'repositoryFilters') ?? [];
  return (
    filters.length === 0 ||
    filters.some((filter) => holds(required(textIn(filter, 'filter'), 'the text of a filter')))
  );
}
