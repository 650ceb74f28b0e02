import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecsClient } from './ecs-client.ts';

/** The tags of a cluster or service, by its ARN. */
export function ecsTags(session: Pick<Session, 'clientConfig'>, role: Role) {
  const ecs = ecsClient(session.clientConfig(role));
  return async (arn: string): Promise<Readonly<Record<string, string>>> => {
    const sent = ecs.send((sdk) => new sdk.ListTagsForResourceCommand({ resourceArn: arn }));
    const answer = await translated('ecs:ListTagsForResource', sent);
    const tags = required(answer.tags, 'tags').map(({ key = '', value = '' }) => [key, value] as const);
    return Object.fromEntries(tags);
  };
}
