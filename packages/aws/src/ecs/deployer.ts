import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import { failureOf, statusOf, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsOnce } from './ecs-client.ts';
import { serviceOf } from './service-of.ts';
import { taskDefinitionOf } from './task-definition-of.ts';
import { documentOf, memberOf, whole } from './unknown-members.ts';

/** What changes the one service that was cleared, as the role that it was cleared for. A lost answer is looked into, not repeated. */
export function ecsDeployer(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
  role: 'deploy' | 'redeploy' = 'deploy',
): ServiceDeployer {
  const { cluster, service } = clearedService(clearance, now);
  const ecs = ecsOnce(session.clientConfig(role));
  return {
    register: async (document, tags) => {
      try {
        const asked = { ...document, ...(tags.length > 0 && { tags: tags.map((tag) => ({ ...tag })) }) };
        const answer = await ecs.send((sdk) => new sdk.RegisterTaskDefinitionCommand(whole(asked)));
        return taskDefinitionOf(documentOf(answer));
      } catch (cause) {
        if (mayHaveTakenEffect(cause)) return 'unknown';
        throw failureOf('ecs:RegisterTaskDefinition', cause);
      }
    },
    update: async ({ taskDefinition, members = {} }) => {
      try {
        // Members as they were asked for, also those that are newer than this release; never another cluster or service.
        const asked = {
          ...members,
          cluster,
          service,
          ...(taskDefinition !== undefined && { taskDefinition }),
        };
        const answer = await ecs.send((sdk) => new sdk.UpdateServiceCommand(whole(asked)));
        if (answer.service === undefined) return 'unknown';
        return serviceOf(answer.service, memberOf(documentOf(answer), 'service'));
      } catch (cause) {
        if (mayHaveTakenEffect(cause)) return 'unknown';
        throw failureOf('ecs:UpdateService', cause);
      }
    },
    rollBack: (serviceDeploymentArn) => {
      const asked = { serviceDeploymentArn, stopType: 'ROLLBACK' as const };
      const sent = ecs.send((sdk) => new sdk.StopServiceDeploymentCommand(asked));
      return askedOrRefused('ecs:StopServiceDeployment', sent, /^ConflictException$/);
    },
    resume: (serviceDeploymentArn, hookId, action) => {
      const asked = { serviceDeploymentArn, hookId, action };
      const sent = ecs.send((sdk) => new sdk.ContinueServiceDeploymentCommand(asked));
      return askedOrRefused('ecs:ContinueServiceDeployment', sent, /Conflict|InvalidParameter/);
    },
    deregister: async (taskDefinition) => {
      const sent = ecs.send((sdk) => new sdk.DeregisterTaskDefinitionCommand({ taskDefinition }));
      await translated('ecs:DeregisterTaskDefinition', sent);
    },
  };
}

/** An error of one of these names is ECS's word that the deployment is in no state for it. */
async function askedOrRefused(
  action: string,
  sent: Promise<unknown>,
  refusals: RegExp,
): Promise<'asked' | { readonly refused: string }> {
  try {
    await sent;
    return 'asked';
  } catch (cause) {
    if (cause instanceof Error && refusals.test(cause.name)) return { refused: cause.message };
    throw failureOf(action, cause);
  }
}

/** No answer came, or one that says nothing, or one that says that ECS itself is in trouble. */
function mayHaveTakenEffect(cause: unknown): boolean {
  const status = statusOf(cause);
  return status === undefined || status < 300 || status >= 500;
}
