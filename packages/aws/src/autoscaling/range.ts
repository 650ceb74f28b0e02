import type { ScalingReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { numberIn, objectsIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';

const APPLICATION_AUTO_SCALING = {
  name: 'application-autoscaling',
  variable: 'APPLICATION_AUTO_SCALING',
  target: 'AnyScaleFrontendService',
  version: '1.1',
} as const;

/** What Application Auto Scaling may do to a service's desired count. */
export function autoscalingRange(session: Pick<Session, 'clientConfig'>, role: Role): ScalingReader {
  const call = jsonCaller(APPLICATION_AUTO_SCALING, session.clientConfig(role));
  return {
    range: async (cluster, name) => {
      const answer = await translated(
        'application-autoscaling:DescribeScalableTargets',
        call('DescribeScalableTargets', {
          ServiceNamespace: 'ecs',
          ResourceIds: [`service/${cluster}/${name}`],
          ScalableDimension: 'ecs:service:DesiredCount',
        }),
      );
      const [found] = required(objectsIn(answer, 'ScalableTargets'), 'ScalableTargets');
      if (found === undefined) return undefined;
      return {
        minimum: required(numberIn(found, 'MinCapacity'), 'ScalableTargets[0].MinCapacity'),
        maximum: required(numberIn(found, 'MaxCapacity'), 'ScalableTargets[0].MaxCapacity'),
      };
    },
  };
}
