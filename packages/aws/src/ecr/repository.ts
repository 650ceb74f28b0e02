import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { type Digest, isDigest, type Role } from '@tenant-delivery/domain';
import { objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';

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
  const call = jsonCaller(ECR, session.clientConfig(role));
  const { account, partition } = session.identity;
  return {
    async ownTags(name) {
      const resourceArn = `arn:${partition}:ecr:${session.region}:${account}:repository/${name}`;
      const answer = await translated(
        'ecr:ListTagsForResource',
        call('ListTagsForResource', { resourceArn }),
        ['RepositoryNotFoundException'],
      );
      if (answer === 'RepositoryNotFoundException') return 'absent';
      return Object.fromEntries(
        required(objectsIn(answer, 'tags'), 'tags').map((tag) => [
          textIn(tag, 'Key') ?? '',
          textIn(tag, 'Value') ?? '',
        ]),
      );
    },
    async digestOf(repositoryName, imageTag) {
      const asked = { registryId: account, repositoryName, imageIds: [{ imageTag }] };
      const answer = await translated('ecr:DescribeImages', call('DescribeImages', asked), [
        'ImageNotFoundException',
      ]);
      if (answer === 'ImageNotFoundException') return 'absent';
      const image = required(objectsIn(answer, 'imageDetails')?.[0], 'imageDetails[0]');
      const digest = textIn(image, 'imageDigest') ?? '';
      return required(isDigest(digest) ? digest : undefined, 'imageDetails[0].imageDigest');
    },
    async newest(repositoryName, count) {
      const found: { readonly digest: Digest; readonly at: number }[] = [];
      for (let nextToken: string | undefined; ; ) {
        const page = await translated(
          'ecr:DescribeImages',
          call('DescribeImages', {
            registryId: account,
            repositoryName,
            filter: { tagStatus: 'TAGGED' },
            maxResults: 1000,
            ...(nextToken && { nextToken }),
          }),
          ['RepositoryNotFoundException'],
        );
        if (page === 'RepositoryNotFoundException') return 'absent';
        for (const image of objectsIn(page, 'imageDetails') ?? []) {
          const digest = textIn(image, 'imageDigest') ?? '';
          if (isDigest(digest)) found.push({ digest, at: timeIn(image, 'imagePushedAt') ?? 0 });
        }
        nextToken = textIn(page, 'nextToken');
        if (!nextToken) break;
      }
      return found
        .toSorted((a, b) => b.at - a.at)
        .slice(0, count)
        .map(({ digest }) => digest);
    },
  };
}
