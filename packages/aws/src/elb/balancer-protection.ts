import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { elbClient } from './elb-client.ts';
import { elbv2 } from './elbv2.ts';

/** The deletion protection of load balancers, which is lifted before a stack lets go of one, and set again if it does not. */
export function balancerProtection(session: Pick<Session, 'clientConfig'>, role: Role) {
  const config = session.clientConfig(role);
  const elb = elbClient(config);
  const reader = elbv2(config);
  const set = async (on: boolean, name: string, arn?: string): Promise<'done' | 'absent'> => {
    const found = await reader.loadBalancer(name);
    if (!found || (arn !== undefined && found.LoadBalancerArn !== arn)) return 'absent';
    const asked = {
      LoadBalancerArn: required(found.LoadBalancerArn, 'LoadBalancers[0].LoadBalancerArn'),
      Attributes: [{ Key: 'deletion_protection.enabled', Value: String(on) }],
    };
    const sent = elb.send((sdk) => new sdk.ModifyLoadBalancerAttributesCommand(asked));
    await translated('elasticloadbalancing:ModifyLoadBalancerAttributes', sent);
    return 'done';
  };
  return {
    lift: (name: string, arn?: string) => set(false, name, arn),
    protect: (name: string, arn: string) => set(true, name, arn),
  };
}
