import type { Scenario } from './scenario.ts';

export const secretNotFound: Scenario = {
  says: 'a secret that the task definition names does not exist',
  tasks: [
    {
      startSeconds: 2,
      cannotStart: {
        reason:
          "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:{region}:{account}:secret:td/prod/database-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        of: 'task',
      },
    },
  ],
};
