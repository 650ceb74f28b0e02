import { probeDocument, probeFamily } from '@tenant-delivery/deployment/health/probe-definition';
import type { ProbeRegistrar } from '@tenant-delivery/deployment/ports';
import { failureOf, required, statusOf } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsOnce } from './ecs-client.ts';
import { whole } from './unknown-members.ts';

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
      try {
        const document = probeDocument(definition);
        const answer = await ecs.send((sdk) => new sdk.RegisterTaskDefinitionCommand(whole(document)));
        return required(answer.taskDefinition?.taskDefinitionArn, 'taskDefinition.taskDefinitionArn');
      } catch (cause) {
        const status = statusOf(cause);
        if (status === undefined || status < 300 || status >= 500) return 'unknown';
        throw failureOf('ecs:RegisterTaskDefinition', cause);
      }
    },
  };
}
