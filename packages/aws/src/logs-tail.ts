import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import type { Session } from './session.ts';
import { required, translated } from './translate.ts';

/** Lines of CloudWatch log streams. */
export function logsTail(session: Pick<Session, 'clientConfig'>, role: Role): LogReader {
  const logs = new CloudWatchLogsClient(session.clientConfig(role));
  return {
    tail: async (logGroupName, logStreamName, lines) => {
      const request = new GetLogEventsCommand({
        logGroupName,
        logStreamName,
        limit: lines,
        startFromHead: false,
      });
      const answer = await translated('logs:GetLogEvents', logs.send(request), ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      return required(answer.events, 'events').map(({ message }) => message ?? '');
    },
    after: async (logGroupName, logStreamName, nextToken) => {
      const request = new GetLogEventsCommand({
        logGroupName,
        logStreamName,
        startFromHead: true,
        ...(nextToken && { nextToken }),
      });
      const answer = await translated('logs:GetLogEvents', logs.send(request), ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      const lines = required(answer.events, 'events').map(({ message }) => message ?? '');
      return { lines, token: answer.nextForwardToken };
    },
  };
}
