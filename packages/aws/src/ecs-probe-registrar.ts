import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { ProbeRegistrar } from '@tenant-delivery/deployment/ports';
import { probeDocument, probeFamily } from '@tenant-delivery/deployment/probe-definition';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsOnce } from './ecs-once.ts';
import { sendRawRequest } from './ecs-raw.ts';
import type { Session } from './session.ts';
import { failureOf, required, statusOf } from './translate.ts';

/** Registers what a probe runs: the one program, without a role or a secret, in the family beside the service's own. */
export function ecsProbeRegistrar(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
): ProbeRegistrar {
  clearedService(clearance, now);
  const ecs = ecsOnce(session.clientConfig('deploy'));
  return {
    register: async (definition) => {
      const { family } = definition;
      if ('names' in clearance && family !== probeFamily(clearance.names.family))
        throw new TypeError(`${family} is not the family of this service's probe`);
      const request = new RegisterTaskDefinitionCommand({ family, containerDefinitions: [] });
      sendRawRequest(request.middlewareStack, probeDocument(definition));
      try {
        const { taskDefinition } = await ecs.send(request);
        return required(taskDefinition?.taskDefinitionArn, 'taskDefinition.taskDefinitionArn');
      } catch (cause) {
        const status = statusOf(cause);
        if (status === undefined || status < 300 || status >= 500) return 'unknown';
        throw failureOf('ecs:RegisterTaskDefinition', cause);
      }
    },
  };
}
