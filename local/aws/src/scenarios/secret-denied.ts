import type { Scenario } from './scenario.ts';

export const secretDenied: Scenario = {
  says: 'the execution role may not read a secret that the task definition names',
  tasks: [
    {
      startSeconds: 2,
      cannotStart: {
        reason:
          'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:{region}:{account}:secret:td/prod/database-AbCdEf from secrets manager: AccessDeniedException: User: arn:aws:sts::{account}:assumed-role/{family}-execution/{task} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:{region}:{account}:secret:td/prod/database-AbCdEf because no identity-based policy allows the secretsmanager:GetSecretValue action',
        of: 'task',
      },
    },
  ],
};
