import type { EncryptionType, ReplicationRule, SigningRule } from '@aws-sdk/client-ecr';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import type { RepositoryEncryption } from '@tenant-delivery/oci/registry/port';
import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecrClient } from './ecr-client.ts';

/** How an ECR registry treats what is pushed to its repositories, and how to make a repository. */
export function ecrSettings(session: Pick<Session, 'clientConfig' | 'target'>) {
  const { account } = session.target;
  const ecr = ecrClient(session.clientConfig('build'));
  return {
    /** Regions of this account to which images of the repository are copied. */
    async replicatedTo(repository: string): Promise<readonly string[]> {
      const sent = ecr.send((sdk) => new sdk.DescribeRegistryCommand({}));
      const { replicationConfiguration } = await translated('ecr:DescribeRegistry', sent);
      return required(replicationConfiguration?.rules, 'replicationConfiguration.rules')
        .filter((rule) => fits(rule, (filter) => repository.startsWith(filter)))
        .flatMap(({ destinations }) => required(destinations, 'the destinations of a rule'))
        .filter(({ registryId }) => registryId === account)
        .map(({ region }) => required(region, 'the region of a destination'));
    },

    /** The profiles with which the registry signs images of the repository. */
    async signedWith(repository: string): Promise<readonly string[]> {
      const sent = ecr.send((sdk) => new sdk.GetSigningConfigurationCommand({}));
      const answer = await translated('ecr:GetSigningConfiguration', sent, [
        'SigningConfigurationNotFoundException',
      ]);
      if (answer === 'SigningConfigurationNotFoundException') return [];
      const profiles = required(answer.signingConfiguration?.rules, 'signingConfiguration.rules')
        .filter((rule) => fits(rule, (filter) => matchesGlob(filter, repository)))
        .map(({ signingProfileArn }) => required(signingProfileArn, 'the profile of a rule'));
      return [...new Set(profiles)];
    },

    /**
     * Makes a repository with immutable tags, tagged with this contract. If somebody else has made it meanwhile, leaves
     * it as it is.
     */
    async makeRepository(name: string, encryption: RepositoryEncryption, contract: string): Promise<void> {
      const { type, key } = encryption;
      const sent = ecr.send(
        (sdk) =>
          new sdk.CreateRepositoryCommand({
            registryId: account,
            repositoryName: name,
            imageTagMutability: 'IMMUTABLE',
            tags: [{ Key: CONTRACT_TAG, Value: contract }],
            encryptionConfiguration: { encryptionType: type as EncryptionType, kmsKey: key }, // the contract's words are ECR's
          }),
      );
      await translated('ecr:CreateRepository', sent, ['RepositoryAlreadyExistsException']);
    },
  };
}

/** A rule without filters is for every repository. */
function fits(
  { repositoryFilters: filters = [] }: ReplicationRule | SigningRule,
  holds: (filter: string) => boolean,
): boolean {
  return (
    filters.length === 0 || filters.some(({ filter }) => holds(required(filter, 'the text of a filter')))
  );
}
