import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { type Digest, isDigest, type Role } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { Session } from '../session/session.ts';
import { ecrClient } from './ecr-client.ts';
import { MANIFESTS } from './manifests.ts';

const ACTION = 'ecr:BatchGetImage';

/** Repositories of the registry in the account of the credentials, by name. */
export interface EcrRepository {
  /** The repository's own tags, which say who owns it; not its images' tags. */
  ownTags(name: string): Promise<Readonly<Record<string, string>> | 'absent'>;
  /** The digest that an image tag points to now, of an index as of an image. */
  digestOf(name: string, tag: string): Promise<Digest | 'absent' | 'no repository'>;
  /** The tagged images that were pushed last, newest first. */
  newest(name: string, count: number): Promise<readonly Digest[] | 'absent'>;
}

export function ecrRepository(
  session: Pick<Session, 'clientConfig'> & { readonly region: string; readonly identity: CallerIdentity },
  role: Role,
): EcrRepository {
  const ecr = ecrClient(session.clientConfig(role));
  const { account, partition } = session.identity;
  return {
    async ownTags(name) {
      const resourceArn = `arn:${partition}:ecr:${session.region}:${account}:repository/${name}`;
      const answer = await translated(
        'ecr:ListTagsForResource',
        ecr.send((sdk) => new sdk.ListTagsForResourceCommand({ resourceArn })),
        ['RepositoryNotFoundException'],
      );
      if (answer === 'RepositoryNotFoundException') return 'absent';
      return Object.fromEntries(
        required(answer.tags, 'tags').map(({ Key = '', Value = '' }) => [Key, Value]),
      );
    },
    async digestOf(repositoryName, imageTag) {
      const asked = { registryId: account, repositoryName, imageIds: [{ imageTag }] };
      const sent = ecr.send(
        (sdk) => new sdk.BatchGetImageCommand({ ...asked, acceptedMediaTypes: MANIFESTS }),
      );
      const answer = await translated(ACTION, sent, ['RepositoryNotFoundException']);
      if (answer === 'RepositoryNotFoundException') return 'no repository';
      const [failed] = answer.failures ?? [];
      if (failed?.failureCode === 'ImageNotFound') return 'absent';
      if (failed) throw failures.awsUnread(ACTION, `${failed.failureCode}: ${failed.failureReason}`);
      const { imageId, imageManifest } = required(answer.images?.[0], 'images[0]');
      const { imageDigest = '' } = required(imageId, 'images[0].imageId');
      // The manifest is believed only if it is what the digest names.
      const own = isDigest(imageDigest) && imageManifest && digestOf(imageManifest) === imageDigest;
      return required(own ? imageDigest : undefined, `the manifest that the tag ${imageTag} names`);
    },
    async newest(repositoryName, count) {
      const asked = {
        registryId: account,
        repositoryName,
        filter: { tagStatus: 'TAGGED' as const },
      };
      const pages = ecr.pages((sdk, client) => sdk.paginateDescribeImages({ client, pageSize: 1000 }, asked));
      const found = await everyRow('ecr:DescribeImages', pages, 'imageDetails', [
        'RepositoryNotFoundException',
      ]);
      if (found === 'RepositoryNotFoundException') return 'absent';
      return found
        .flatMap(({ imageDigest: digest = '', imagePushedAt }) =>
          isDigest(digest) ? [{ digest, at: imagePushedAt?.getTime() ?? 0 }] : [],
        )
        .toSorted((a, b) => b.at - a.at)
        .slice(0, count)
        .map(({ digest }) => digest);
    },
  };
}
