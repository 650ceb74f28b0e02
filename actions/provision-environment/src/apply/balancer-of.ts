import type { StackReader } from '@tenant-delivery/provisioning/ports';

export const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** The ARN of the load balancer that a stack has. Another may have its name. */
export async function balancerOf(
  stacks: Pick<StackReader, 'resources'>,
  stack: string,
): Promise<string | undefined> {
  return (await stacks.resources(stack)).find(
    ({ type, status }) => type === BALANCER && status !== 'DELETE_COMPLETE',
  )?.id;
}
