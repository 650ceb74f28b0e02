import type { Scenario } from './scenario.ts';

export const secretTimeout: Scenario = {
  says: 'Secrets Manager does not answer from the subnets of the task',
  tasks: [
    {
      startSeconds: 45,
      cannotStart: {
        reason:
          'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:{region}:{account}:secret:td/prod/database-AbCdEf from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.',
        of: 'task',
      },
    },
  ],
};
