import {
  DescribeImagesCommand,
  type DescribeImagesCommandOutput,
  ECRClient,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { type Digest, isDigest, type Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** Repositories of the registry in the account of the credentials, by name. */
export interface EcrRepository {
  /** The repository's own tags, which tell who owns it; not those of its images. */
  ownTags(name: string): Promise<Readonly<Record<string, string>> | 'absent'>;
  /** The digest that a tag of an image stands for now. */
  digestOf(name: string, tag: string): Promise<Digest | 'absent'>;
  /** The tagged images that were pushed last, the newest first. */
  newest(name: string, count: number): Promise<readonly Digest[] | 'absent'>;
}

export function ecrRepository(
  session: Pick<Session, 'clientConfig'> & { readonly region: string; readonly identity: CallerIdentity },
  role: Role,
): EcrRepository {
  const ecr = new ECRClient(session.clientConfig(role));
  const { account, partition } = session.identity;
  return {
    async ownTags(name) {
      const resourceArn = `arn:${partition}:ecr:${session.region}:${account}:repository/${name}`;
      const answer = await translated(
        'ecr:ListTagsForResource',
        ecr.send(new ListTagsForResourceCommand({ resourceArn })),
        ['RepositoryNotFoundException'],
      );
      if (answer === 'RepositoryNotFoundException') return 'absent';
      return Object.fromEntries(
        required(answer.tags, 'tags').map(({ Key = '', Value = '' }) => [Key, Value]),
      );
    },
    async digestOf(repositoryName, imageTag) {
      const asked = { registryId: account, repositoryName, imageIds: [{ imageTag }] };
      const answer = await translated('ecr:DescribeImages', ecr.send(new DescribeImagesCommand(asked)), [
        'ImageNotFoundException',
      ]);
      if (answer === 'ImageNotFoundException') return 'absent';
      const digest = answer.imageDetails?.[0]?.imageDigest;
      return required(
        digest !== undefined && isDigest(digest) ? digest : undefined,
        'imageDetails[0].imageDigest',
      );
    },
    async newest(repositoryName, count) {
      const found: { readonly digest: Digest; readonly at: number }[] = [];
      for (let nextToken: string | undefined; ; ) {
        const page: DescribeImagesCommandOutput | 'RepositoryNotFoundException' = await translated(
          'ecr:DescribeImages',
          ecr.send(
            new DescribeImagesCommand({
              registryId: account,
              repositoryName,
              filter: { tagStatus: 'TAGGED' },
              maxResults: 1000,
              ...(nextToken && { nextToken }),
            }),
          ),
          ['RepositoryNotFoundException'],
        );
        if (page === 'RepositoryNotFoundException') return 'absent';
        for (const { imageDigest = '', imagePushedAt } of page.imageDetails ?? [])
          if (isDigest(imageDigest)) found.push({ digest: imageDigest, at: imagePushedAt?.getTime() ?? 0 });
        nextToken = page.nextToken;
        if (!nextToken) break;
      }
      return found
        .toSorted((a, b) => b.at - a.at)
        .slice(0, count)
        .map(({ digest }) => digest);
    },
  };
}
