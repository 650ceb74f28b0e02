import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import { failureOf, statusOf, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsOnce, memberOf } from './ecs-call.ts';
import { serviceOf } from './service-of.ts';
import { taskDefinitionOf } from './task-definition-of.ts';

/** What changes the one service that was cleared, as the role that it was cleared for. A lost answer is looked into, not repeated. */
export function ecsDeployer(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
  role: 'deploy' | 'redeploy' = 'deploy',
): ServiceDeployer {
  const { cluster, service } = clearedService(clearance, now);
  const call = ecsOnce(session.clientConfig(role));
  return {
    register: async (document, tags) => {
      try {
        const asked = { ...document, ...(tags.length > 0 && { tags: tags.map((tag) => ({ ...tag })) }) };
        const answer = await call('RegisterTaskDefinition', asked);
        return taskDefinitionOf(answer.document);
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
        const { read, document } = await call('UpdateService', asked);
        return read.service ? serviceOf(read.service, memberOf(document, 'service')) : 'unknown';
      } catch (cause) {
        if (mayHaveTakenEffect(cause)) return 'unknown';
        throw failureOf('ecs:UpdateService', cause);
      }
    },
    rollBack: async (serviceDeploymentArn) => {
      try {
        await call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
        return 'asked';
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'ConflictException') return { refused: cause.message };
        throw failureOf('ecs:StopServiceDeployment', cause);
      }
    },
    resume: async (serviceDeploymentArn, hookId, action) => {
      try {
        await call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action });
        return 'asked';
      } catch (cause) {
        if (cause instanceof Error && /Conflict|InvalidParameter/.test(cause.name))
          return { refused: cause.message };
        throw failureOf('ecs:ContinueServiceDeployment', cause);
      }
    },
    deregister: async (taskDefinition) => {
      const sent = call('DeregisterTaskDefinition', { taskDefinition });
      await translated('ecs:DeregisterTaskDefinition', sent);
    },
  };
}

/** No answer came, or one that says nothing, or one that says that ECS itself is in trouble. */
function mayHaveTakenEffect(cause: unknown): boolean {
  const status = statusOf(cause);
  return status === undefined || status < 300 || status >= 500;
}
