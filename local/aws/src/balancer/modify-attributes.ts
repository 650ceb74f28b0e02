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

/** What only an Application Load Balancer has. */
const OTHERS = [
  'access_logs.s3.bucket',
  'access_logs.s3.enabled',
  'access_logs.s3.prefix',
  'client_keep_alive.seconds',
  'connection_logs.s3.bucket',
  'connection_logs.s3.enabled',
  'connection_logs.s3.prefix',
  'health_check_logs.s3.bucket',
  'health_check_logs.s3.enabled',
  'health_check_logs.s3.prefix',
  'idle_timeout.timeout_seconds',
  'ipv6.deny_all_igw_traffic',
  'load_balancing.cross_zone.enabled',
  'routing.http.desync_mitigation_mode',
  'routing.http.preserve_host_header.enabled',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled',
  'routing.http.xff_client_port.enabled',
  'routing.http.xff_header_processing.mode',
  'routing.http2.enabled',
  'waf.fail_open.enabled',
  'zonal_shift.config.enabled',
];

/** Attributes of a balancer are kept where a stack's are: a type of CloudFormation reads them there too. */
export function modifyLoadBalancerAttributes(
  { LoadBalancerArn: arn = '', Attributes: given = [] }: ModifyLoadBalancerAttributesCommandInput,
  call: Call,
): Output<ModifyLoadBalancerAttributesCommandOutput> {
  if (!balancerStore(call.world, call.account, call.region).balancers[arn])
    throw new AwsError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
  const others = given.map(({ Key = '' }) => Key).filter((key) => OTHERS.includes(key));
  if (others.length > 0)
    throw new AwsError('NotImplemented', `local-aws has no ${others.join(', ')} of a balancer.`, 501);
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
