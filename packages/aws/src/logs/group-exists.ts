import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { logsClient } from './logs-client.ts';

/** Whether there is a log group of this very name. */
export function logGroupExists(config: ClientConfig) {
  const logs = logsClient(config);
  return async (name: string): Promise<boolean> => {
    // Groups come sorted by name, so the group itself comes before longer names with the same prefix.
    const sent = logs.send((sdk) => new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const answer = await translated('logs:DescribeLogGroups', sent);
    return required(answer.logGroups, 'logGroups').some(({ logGroupName }) => logGroupName === name);
  };
}
