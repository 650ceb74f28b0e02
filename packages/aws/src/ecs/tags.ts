import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecsCaller } from './ecs-call.ts';

/** The tags of a cluster or service, by its ARN. */
export function ecsTags(session: Pick<Session, 'clientConfig'>, role: Role) {
  const call = ecsCaller(session.clientConfig(role));
  return async (arn: string): Promise<Readonly<Record<string, string>>> => {
    const sent = call('ListTagsForResource', { resourceArn: arn });
    const { read } = await translated('ecs:ListTagsForResource', sent);
    const tags = required(read.tags, 'tags').map(({ key = '', value = '' }) => [key, value] as const);
    return Object.fromEntries(tags);
  };
}
