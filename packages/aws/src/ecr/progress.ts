import type { Digest } from '@tenant-delivery/domain';
import type { RegistryProgress } from '@tenant-delivery/oci/registry/port';
import { objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';

/** How far ECR has come with what it does after a push. An image that it does not know yet has come nowhere. */
export function ecrProgress(session: Pick<Session, 'clientConfig' | 'target'>) {
  const { account } = session.target;
  const call = jsonCaller(ECR, session.clientConfig('build'));
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
        call('DescribeImageReplicationStatus', about(repository, digest)),
        ['ImageNotFoundException'],
      );
      if (answer === 'ImageNotFoundException') return [];
      return required(objectsIn(answer, 'replicationStatuses'), 'replicationStatuses')
        .filter((row) => textIn(row, 'registryId') === account)
        .map((row) => ({
          of: required(textIn(row, 'region'), 'the region of a replication status'),
          status: required(textIn(row, 'status'), 'the status of a replication'),
          why: textIn(row, 'failureCode'),
        }));
    },

    /** By profile of AWS Signer. */
    async signatures(repository: string, digest: Digest): Promise<readonly RegistryProgress[]> {
      const answer = await translated(
        'ecr:DescribeImageSigningStatus',
        call('DescribeImageSigningStatus', about(repository, digest)),
        ['ImageNotFoundException'],
      );
      if (answer === 'ImageNotFoundException') return [];
      return required(objectsIn(answer, 'signingStatuses'), 'signingStatuses').map((row) => ({
        of: required(textIn(row, 'signingProfileArn'), 'the profile of a signing status'),
        status: required(textIn(row, 'status'), 'the status of a signature'),
        why:
          [textIn(row, 'failureCode'), textIn(row, 'failureReason')].filter(Boolean).join(': ') || undefined,
      }));
    },
  };
}
