import type { Scenario } from './scenario.ts';

export const logGroupMissing: Scenario = {
  says: 'the log group of the task definition does not exist',
  tasks: [
    {
      startSeconds: 2,
      cannotStart: {
        reason:
          'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
        of: 'task',
      },
    },
  ],
};
