import type { LogReader } from '@tenant-delivery/deployment/ports';
import type { Json, Role } from '@tenant-delivery/domain';
import { objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { CLOUDWATCH_LOGS } from './cloudwatch-logs.ts';

/** Lines of CloudWatch log streams. */
export function logsTail(session: Pick<Session, 'clientConfig'>, role: Role): LogReader {
  const call = jsonCaller(CLOUDWATCH_LOGS, session.clientConfig(role));
  const events = async (request: { readonly [member: string]: Json }) => {
    const sent = call('GetLogEvents', request);
    const answer = await translated('logs:GetLogEvents', sent, ['ResourceNotFoundException']);
    if (answer === 'ResourceNotFoundException') return undefined;
    const lines = required(objectsIn(answer, 'events'), 'events').map(
      (event) => textIn(event, 'message') ?? '',
    );
    return { lines, token: textIn(answer, 'nextForwardToken') };
  };
  return {
    tail: async (logGroupName, logStreamName, limit) => {
      const found = await events({ logGroupName, logStreamName, limit, startFromHead: false });
      return found?.lines;
    },
    after: (logGroupName, logStreamName, nextToken) =>
      events({ logGroupName, logStreamName, startFromHead: true, ...(nextToken && { nextToken }) }),
  };
}
