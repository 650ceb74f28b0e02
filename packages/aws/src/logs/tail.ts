import type { GetLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { LogReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { logsClient } from './logs-client.ts';

/** Lines of CloudWatch log streams. */
export function logsTail(session: Pick<Session, 'clientConfig'>, role: Role): LogReader {
  const logs = logsClient(session.clientConfig(role));
  const events = async (input: GetLogEventsCommandInput) => {
    const sent = logs.send((sdk) => new sdk.GetLogEventsCommand(input));
    const answer = await translated('logs:GetLogEvents', sent, ['ResourceNotFoundException']);
    if (answer === 'ResourceNotFoundException') return undefined;
    const lines = required(answer.events, 'events').map(({ message }) => message ?? '');
    return { lines, token: answer.nextForwardToken };
  };
  return {
    tail: async (logGroupName, logStreamName, limit) => {
      const found = await events({ logGroupName, logStreamName, limit, startFromHead: false });
      return found?.lines;
    },
    after: (logGroupName, logStreamName, nextToken) =>
      events({ logGroupName, logStreamName, startFromHead: true, nextToken }),
  };
}
