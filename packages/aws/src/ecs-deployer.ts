import {
  ContinueServiceDeploymentCommand,
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { ServiceDeployer } from '@tenant-delivery/deployment/ports';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsOnce } from './ecs-once.ts';
import { keepRawAnswer, memberOf, sendRawRequest } from './ecs-raw.ts';
import { serviceOf } from './ecs-service-of.ts';
import { taskDefinitionOf } from './ecs-task-definition-of.ts';
import type { Session } from './session.ts';
import { failureOf, required, statusOf, translated } from './translate.ts';

/** What changes the one service that was cleared, as the deploy role. A lost answer is looked into, not repeated. */
export function ecsDeployer(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
): ServiceDeployer {
  const { cluster, service } = clearedService(clearance, now);
  const ecs = ecsOnce(session.clientConfig('deploy'));
  return {
    register: async (document, tags) => {
      const body = { ...document, ...(tags.length > 0 && { tags }) };
      const family = required(textOf(document['family']), 'a family in the task definition');
      const request = new RegisterTaskDefinitionCommand({ family, containerDefinitions: [] });
      sendRawRequest(request.middlewareStack, body);
      const raw = keepRawAnswer(request.middlewareStack);
      try {
        await ecs.send(request);
        return taskDefinitionOf(raw());
      } catch (cause) {
        if (mayHaveTakenEffect(cause)) return 'unknown';
        throw failureOf('ecs:RegisterTaskDefinition', cause);
      }
    },
    update: async ({ taskDefinition, members = {} }) => {
      const request = new UpdateServiceCommand({ cluster, service, taskDefinition });
      // Members as they were asked for, also those that are newer than the SDK; never another cluster or service.
      sendRawRequest(request.middlewareStack, { ...members, cluster, service, taskDefinition });
      const raw = keepRawAnswer(request.middlewareStack);
      try {
        const answer = await ecs.send(request);
        return answer.service ? serviceOf(answer.service, memberOf(raw(), 'service')) : 'unknown';
      } catch (cause) {
        if (mayHaveTakenEffect(cause)) return 'unknown';
        throw failureOf('ecs:UpdateService', cause);
      }
    },
    rollBack: async (serviceDeploymentArn) => {
      const request = new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' });
      try {
        await ecs.send(request);
        return 'asked';
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'ConflictException') return { refused: cause.message };
        throw failureOf('ecs:StopServiceDeployment', cause);
      }
    },
    resume: async (serviceDeploymentArn, hookId, action) => {
      const request = new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action });
      try {
        await ecs.send(request);
        return 'asked';
      } catch (cause) {
        if (cause instanceof Error && /Conflict|InvalidParameter/.test(cause.name))
          return { refused: cause.message };
        throw failureOf('ecs:ContinueServiceDeployment', cause);
      }
    },
    deregister: async (taskDefinition) => {
      await translated(
        'ecs:DeregisterTaskDefinition',
        ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
      );
    },
  };
}

/** No answer came, or one that says nothing, or one that says that ECS itself is in trouble. */
function mayHaveTakenEffect(cause: unknown): boolean {
  const status = statusOf(cause);
  return status === undefined || status < 300 || status >= 500;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
