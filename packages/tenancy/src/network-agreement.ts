import { matching, whole } from '@tenant-delivery/action-kit/schema';
import { ENVIRONMENT } from '@tenant-delivery/domain';
import * as v from 'valibot';

const cidr = matching(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'a CIDR of IPv4 such as 10.20.0.0/24');
const address = matching(/^\d{1,3}(\.\d{1,3}){3}$/, 'an IPv4 address');

/** One range for each zone of the environment, in the order of its zones. */
const eachZone = v.pipe(v.array(cidr), v.minLength(1, 'names no range'));

/** Services of AWS that tasks reach without leaving the VPC ("AWS services that integrate with AWS PrivateLink"). */
export const ENDPOINTS = [
  'ecr.api',
  'ecr.dkr',
  'kms',
  'logs',
  'secretsmanager',
  'sqs',
  'sns',
  'ssm',
  'ssmmessages',
  'sts',
] as const;

/** The link to the customer's premises. AWS makes its keys and keeps them in Secrets Manager. */
const Link = v.strictObject({
  /** The customer's gateway. */
  peer: address,
  /** The autonomous system of the customer's gateway. */
  asn: whole(1, 4_294_967_294),
  routing: v.picklist(['bgp', 'static']),
  /** What lies behind the gateway. */
  cidrs: v.pipe(v.array(cidr), v.minLength(1, 'names no range')),
  /** The inside ranges of both tunnels, /30 of 169.254.0.0/16; without them AWS chooses. */
  tunnels: v.optional(v.tuple([cidr, cidr])),
});
export type Link = v.InferOutput<typeof Link>;

/** What is to be made of an environment's network. What came of it, the ids, is elsewhere in the contract. */
export const NetworkAgreement = v.strictObject({
  /** Of each layer: its subnets, and whether its tasks may reach the internet through the NAT gateways. */
  layers: v.record(v.string(), v.strictObject({ cidrs: eachZone, egress: v.picklist(['nat', 'none']) })),
  /**
   * Public subnets that hold nothing but NAT gateways: one gateway and one address a zone, or one of each for all zones.
   * Then one range is enough.
   */
  nat: v.strictObject({ per: v.picklist(['zone', 'environment']), cidrs: eachZone }),
  endpoints: v.strictObject({ layer: v.string(), services: v.array(v.picklist(ENDPOINTS)) }),
  balancer: v.strictObject({
    layer: v.string(),
    /** With it the listener speaks TLS. */
    certificate: v.optional(
      matching(/^arn:[\w-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'the ARN of a certificate of ACM'),
    ),
  }),
  /** Links to the customer's premises by name; an edge of the layers may come from one or lead to one. */
  links: v.optional(v.record(matching(/^[a-z][a-z0-9-]{0,20}$/, 'a name such as hq'), Link)),
  /** How long flow logs are kept, in days, as CloudWatch Logs allows. */
  flowLogDays: v.picklist([
    30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
});
export type NetworkAgreement = v.InferOutput<typeof NetworkAgreement>;

/** What is to be made for one service, beside what its agreement names. */
export const ServiceProvision = v.strictObject({
  /**
   * The environment of this region whose stack makes the service's repository, where that is another one: what was built
   * there is promoted here, and one stack has it.
   */
  repositoryOf: v.optional(matching(ENVIRONMENT, 'the name of an environment')),
  /** Of the container, where the target group sends requests. */
  port: whole(1, 65_535),
  healthPath: matching(/^\/[\x21-\x7e]{0,1023}$/, 'a path such as /health'),
  /** Requests with one of these paths or hosts; of two rules that fit, the one with the lower priority takes them. */
  route: v.strictObject({
    priority: whole(1, 50_000),
    paths: v.optional(
      v.pipe(v.array(matching(/^\/[\x21-\x7e]{0,127}$/, 'a path')), v.minLength(1), v.maxLength(5)),
    ),
    hosts: v.optional(
      v.pipe(v.array(matching(/^[\w.*?-]{1,128}$/, 'a host')), v.minLength(1), v.maxLength(5)),
    ),
  }),
  /** Of a task of the placeholder: units of processor time and mebibytes; a delivery brings its own. */
  size: v.strictObject({ cpu: whole(256, 16_384), memory: whole(512, 122_880) }),
  /** What keeps the number of tasks between base and maximum, each at its target: percent, or requests a minute and target. */
  scaleOn: v.strictObject({
    cpu: v.optional(whole(1, 100)),
    memory: v.optional(whole(1, 100)),
    requests: v.optional(whole(1, 1_000_000)),
  }),
});
export type ServiceProvision = v.InferOutput<typeof ServiceProvision>;
