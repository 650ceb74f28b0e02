import { judgeBalancer } from '@tenant-delivery/isolation/checks/balancer';
import type { Applying, StackResult } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';
import { type Finding, findingOf } from './findings.ts';
import { looked } from './looked.ts';

/** The load balancer that the contract names is internal, active and in the VPC that was made, or adopted. */
export async function networkFindings(
  { surroundings }: VerifyWorld,
  { admission }: Applying,
  results: readonly StackResult[],
): Promise<readonly Finding[]> {
  const { network } = stackNames(admission);
  const { adopt, vpc: agreed } = admission.environment;
  const vpc = adopt ? agreed.id : results.find(({ name }) => name === network)?.outputs['VpcId'];
  if (vpc === undefined)
    return [
      { check: 'VPC', result: 'unknown', observed: `${network} names no VPC`, remedy: 'Look again later.' },
    ];
  const loadBalancer = admission.environment.loadBalancer.name;
  const balancer = await looked(
    'elasticloadbalancing:DescribeLoadBalancers',
    surroundings.balancer(loadBalancer),
  );
  return [findingOf('balancer-internal', judgeBalancer({ agreed: { loadBalancer, vpc }, balancer }))];
}
