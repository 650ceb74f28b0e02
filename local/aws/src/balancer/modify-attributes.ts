import type {
  LoadBalancerAttribute,
  ModifyLoadBalancerAttributesCommandInput,
  ModifyLoadBalancerAttributesCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, describedOf } from '../cloudformation/described.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { balancerStore } from './store.ts';

const TYPE = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
/** Those that our templates give ("LoadBalancerAttribute", Elastic Load Balancing API reference). */
const KNOWN = /^(deletion_protection\.enabled|routing\.http\.drop_invalid_header_fields\.enabled)$/;

/** Attributes of a balancer are kept where a stack's are: a type of CloudFormation reads them there too. */
export function modifyLoadBalancerAttributes(
  { LoadBalancerArn: arn = '', Attributes: given = [] }: ModifyLoadBalancerAttributesCommandInput,
  call: Call,
): Output<ModifyLoadBalancerAttributesCommandOutput> {
  if (!balancerStore(call.world, call.account, call.region).balancers[arn])
    throw new AwsError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
  const strange = given.find(({ Key = '' }) => !KNOWN.test(Key));
  if (strange)
    throw new AwsError(
      'InvalidConfigurationRequest',
      `Load balancer attribute key '${strange.Key}' is not recognized`,
    );
  const said = describedOf(call.world, call, TYPE)[arn] ?? {};
  const before = (said['LoadBalancerAttributes'] ?? []) as readonly LoadBalancerAttribute[]; // as a template or this gave them
  const after = new Map([...before, ...given].map((one) => [one.Key, one]));
  describe(call.world, call, TYPE, arn, { ...said, LoadBalancerAttributes: [...after.values()] });
  return { Attributes: [...after.values()] };
}
