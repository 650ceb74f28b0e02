import type { Digest } from '@tenant-delivery/domain';
import type { RegistryProgress } from '@tenant-delivery/oci/registry/port';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecrClient } from './ecr-client.ts';

/** How far ECR has come with its work after a push. For an image that it does not know yet: no progress. */
export function ecrProgress(session: Pick<Session, 'clientConfig' | 'target'>) {
  const { account } = session.target;
  const ecr = ecrClient(session.clientConfig('build'));
  const about = (repositoryName: string, imageDigest: Digest) => ({
    registryId: account,
    repositoryName,
    imageId: { imageDigest },
  });
  return {
    /** By region of this account. */
    async copies(repository: string, digest: Digest): Promise<readonly RegistryProgress[]> {
      const answer = await translated(
        'ecr:DescribeImageReplicationStatus',
        ecr.send((sdk) => new sdk.DescribeImageReplicationStatusCommand(about(repository, digest))),
        ['ImageNotFoundException'],
      );
      if (answer === 'ImageNotFoundException') return [];
      return required(answer.replicationStatuses, 'replicationStatuses')
        .filter(({ registryId }) => registryId === account)
        .map(({ region, status, failureCode }) => ({
          of: required(region, 'the region of a replication status'),
          status: required(status, 'the status of a replication'),
          why: failureCode,
        }));
    },

    /** By profile of AWS Signer. */
    async signatures(repository: string, digest: Digest): Promise<readonly RegistryProgress[]> {
      const answer = await translated(
        'ecr:DescribeImageSigningStatus',
        ecr.send((sdk) => new sdk.DescribeImageSigningStatusCommand(about(repository, digest))),
        ['ImageNotFoundException'],
      );
      if (answer === 'ImageNotFoundException') return [];
      return required(answer.signingStatuses, 'signingStatuses').map((row) => ({
        of: required(row.signingProfileArn, 'the profile of a signing status'),
        status: required(row.status, 'the status of a signature'),
        why: [row.failureCode, row.failureReason].filter(Boolean).join(': ') || undefined,
      }));
    },
  };
}
