import type { Role } from '@tenant-delivery/domain';
import type { Sent, StackExecutor } from '@tenant-delivery/provisioning/ports';
import { refusalOf } from '../errors/answered.ts';
import { failureOf, translated } from '../errors/translate.ts';
import { onlyThrottled } from '../session/retry-strategy.ts';
import type { Session } from '../session/session.ts';
import { cloudformationClient } from './cloudformation-client.ts';
import { stackReader } from './stack-reader.ts';

/** What carries an approved plan out. What may take effect once is sent once; after a lost answer the caller looks. */
export function stackExecutor(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
  region: string,
): StackExecutor {
  const config = { ...session.clientConfig(role), region };
  const cloudformation = cloudformationClient(config);
  const once = cloudformationClient({ ...config, retryStrategy: onlyThrottled(config.retryStrategy) });
  return {
    ...stackReader(cloudformation),
    execute: (stack, changeSet, token, first) =>
      sentOnce(
        'cloudformation:ExecuteChangeSet',
        once.send(
          (sdk) =>
            new sdk.ExecuteChangeSetCommand({
              StackName: stack,
              ChangeSetName: changeSet,
              ClientRequestToken: token,
              // What an update makes and then fails is taken away, though its template keeps it on withdrawal. The template
              // of a first creation says itself what it leaves when it fails.
              RetainExceptOnCreate: !first,
              // A rollback by itself would stop at the protected load balancer, and ROLLBACK_FAILED has no way back.
              DisableRollback: first,
            }),
        ),
      ),
    rollBack: (stack, token, by) =>
      sentOnce(
        'cloudformation:RollbackStack',
        once.send(
          (sdk) =>
            new sdk.RollbackStackCommand({
              StackName: stack,
              ClientRequestToken: token,
              RoleARN: by,
            }),
        ),
      ),
    setPolicy: async (stack, policy) => {
      const asked = { StackName: stack, StackPolicyBody: policy };
      await translated(
        'cloudformation:SetStackPolicy',
        cloudformation.send((sdk) => new sdk.SetStackPolicyCommand(asked)),
      );
    },
    protect: async (stack, on) => {
      const asked = { StackName: stack, EnableTerminationProtection: on };
      const sent = cloudformation.send((sdk) => new sdk.UpdateTerminationProtectionCommand(asked));
      await translated('cloudformation:UpdateTerminationProtection', sent);
    },
    deleteStack: (stack, token, by) =>
      sentOnce(
        'cloudformation:DeleteStack',
        once.send(
          (sdk) => new sdk.DeleteStackCommand({ StackName: stack, ClientRequestToken: token, RoleARN: by }),
        ),
      ),
  };
}

/** A denial is thrown like any other; AWS's other refusals are its answer. */
async function sentOnce(action: string, sent: Promise<unknown>): Promise<Sent> {
  try {
    await sent;
    return 'done';
  } catch (cause) {
    const refusal = refusalOf(cause);
    if (refusal === 'unknown') return 'unknown';
    const failure = failureOf(action, cause);
    if (failure.code !== 'AWS_REFUSED') throw failure;
    return refusal;
  }
}
