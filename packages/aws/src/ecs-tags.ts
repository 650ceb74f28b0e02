import { ECSClient, ListTagsForResourceCommand } from '@aws-sdk/client-ecs';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** The tags of a cluster or service, by its ARN. */
export function ecsTags(session: Pick<Session, 'clientConfig'>, role: Role) {
  const ecs = new ECSClient(session.clientConfig(role));
  return async (arn: string): Promise<Readonly<Record<string, string>>> => {
    const answer = await translated(
      'ecs:ListTagsForResource',
      ecs.send(new ListTagsForResourceCommand({ resourceArn: arn })),
    );
    const tags = required(answer.tags, 'tags').map(({ key = '', value = '' }) => [key, value] as const);
    return Object.fromEntries(tags);
  };
}
