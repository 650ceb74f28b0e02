import { instant } from '@tenant-delivery/action-kit/instant';
import { matching, whole } from '@tenant-delivery/action-kit/schema';
import { BreakGlass } from '@tenant-delivery/break-glass/agreement';
import { Credential, RotationApp } from '@tenant-delivery/credentials/kinds';
import { ACCOUNT, ENVIRONMENT, PARTITION_NAMES, REGION, SERVICE, TENANT } from '@tenant-delivery/domain';
import { EnvironmentKey } from '@tenant-delivery/evidence/trust';
import { ScanFloor } from '@tenant-delivery/findings/policy';
import * as v from 'valibot';
import { NetworkAgreement, ServiceProvision } from './network-agreement.ts';
import { RecoveryAgreement } from './recovery-agreement.ts';

const text = v.pipe(
  v.string(),
  v.minLength(1, 'is empty'),
  v.maxLength(500, 'is longer than 500 characters'),
);
const id = whole(1, Number.MAX_SAFE_INTEGER);
/** A host with a dot or a port, as Docker tells one, or none: then it is a repository of the account's own registry. */
const BUILDER = /^([\w.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*@sha256:[0-9a-f]{64}$/;
const BUILDER_EXAMPLE =
  'an image of BuildKit by its digest, such as base/buildkit@sha256:… in ECR or docker.io/moby/buildkit@sha256:…';

const ELB_NAME = 'at most 32 letters, digits and dashes';
const NAMES = {
  service: 'a service name: at most 40 lower-case letters, digits and dashes, a letter first',
  environment: 'an environment name: 2 to 21 lower-case letters, digits and dashes, a letter first',
  family: 'a task definition family: letters, digits, dashes and underscores',
} as const;

const named = <Value extends v.GenericSchema>(pattern: RegExp, what: string, value: Value) =>
  v.record(matching(pattern, what), value);

const Repository = v.strictObject({
  repository: matching(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  repositoryId: id,
  ownerId: id,
  services: v.pipe(v.array(matching(SERVICE, NAMES.service)), v.minLength(1, 'names no service')),
});

/** Ids of a layer whose network a provider makes are absent until the network is there. */
const Layer = v.strictObject({
  subnets: v.optional(
    v.pipe(
      v.array(matching(/^subnet-[a-z0-9]+$/, 'a subnet id')),
      v.minLength(2, 'needs at least two subnets'),
    ),
  ),
  securityGroups: v.optional(
    v.pipe(v.array(matching(/^sg-[a-z0-9]+$/, 'a security group id')), v.minLength(1, 'is empty')),
  ),
});

const LayerEdge = v.strictObject({
  from: text,
  to: text,
  /** `"8080"` or a range `"8080-8099"`. */
  ports: v.array(matching(/^\d{1,5}(-\d{1,5})?$/, 'a port or a range of ports')),
  protocol: v.picklist(['tcp', 'udp']),
});

/** A CloudWatch alarm's name. */
const alarm = matching(/^[\x20-\x7e]{1,255}$/, 'an alarm name');

/** What was agreed for one service. */
export const ServiceAgreement = v.strictObject({
  layer: text,
  /** The repository in ECR. */
  repository: matching(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'an ECR repository name, in lower case'),
  /** The task definition family. */
  family: matching(/^[A-Za-z0-9_-]{1,255}$/, NAMES.family),
  /**
   * The container that the service's image goes into. Without it the manifest says, so it belongs into every contract of
   * a service with several containers: the author of a manifest could choose another one, with that one's secrets.
   */
  container: v.optional(matching(/^[A-Za-z0-9_-]{1,255}$/, 'a container name')),
  targetGroup: matching(/^[A-Za-z0-9-]{1,32}$/, `a target group name: ${ELB_NAME}`),
  logGroup: matching(/^[\w./#-]{1,512}$/, 'a log group name'),
  /** Tasks: always `base`, never more than `maximum`. */
  capacity: v.strictObject({ base: whole(1, 5000), maximum: whole(1, 5000) }),
  /** Names of CloudWatch alarms that are watched while a delivery of this service bakes. */
  alarms: v.optional(v.array(alarm)),
  /** What a provider makes for the service; without it, service and target group are made by other means. */
  provision: v.optional(ServiceProvision),
});
export type ServiceAgreement = v.InferOutput<typeof ServiceAgreement>;

/** How the environment's registry keeps images, beyond what every registry of a contract must do. */
const Registry = v.strictObject({
  /** Of every repository; without it any encryption of ECR's is enough. */
  encryption: v.optional(
    v.variant('type', [
      v.strictObject({ type: v.literal('AES256') }),
      v.strictObject({
        type: v.picklist(['KMS', 'KMS_DSSE']),
        key: matching(/^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key'),
      }),
    ]),
  ),
  /** A build may make the service's repository where there is none: immutable tags, and the encryption above. */
  createIfMissing: v.optional(v.boolean()),
  /** Regions of the same account in which each image must be before it counts as built. */
  replicatedTo: v.optional(v.array(matching(REGION, 'an AWS region such as eu-west-1'))),
  /** The profile of AWS Signer with which the registry must sign each image. */
  signingProfile: v.optional(
    matching(/^arn:[\w-]+:signer:[a-z0-9-]+:\d{12}:\/signing-profiles\/\w+$/, 'the ARN of a signing profile'),
  ),
});
export type RegistryAgreement = v.InferOutput<typeof Registry>;

export const EnvironmentContract = v.strictObject({
  region: matching(REGION, 'an AWS region such as eu-west-1'),
  vpc: v.strictObject({
    /** Absent until the network is there, if a provider makes it. */
    id: v.optional(matching(/^vpc-[a-z0-9]+$/, 'a VPC id')),
    cidr: matching(/^[\d.]+\/\d{1,2}$/, 'a CIDR of IPv4 such as 10.20.0.0/16'),
  }),
  /** Availability zone ids, which mean the same zone in every account; names do not. */
  zones: v.pipe(
    v.array(matching(/^[a-z]+\d-az\d$/, 'a zone id such as euw1-az1')),
    v.minLength(1, 'names no zone'),
  ),
  layers: v.record(v.string(), Layer),
  layerEdges: v.array(LayerEdge),
  /** What a provider makes of the network; without it, VPC and balancer are made by other means. */
  network: v.optional(NetworkAgreement),
  /** What the contract names is there, and is taken into stacks in place of being made. */
  adopt: v.optional(v.literal(true, 'must be true, or left out')),
  cluster: matching(/^[A-Za-z0-9_-]{1,255}$/, 'a cluster name: letters, digits, dashes and underscores'),
  loadBalancer: v.strictObject({
    name: matching(/^[A-Za-z0-9-]{1,32}$/, `a load balancer name: ${ELB_NAME}`),
    scheme: v.literal('internal', 'must be internal'),
    listenerPort: whole(1, 65_535),
  }),
  services: named(SERVICE, NAMES.service, ServiceAgreement),
  registry: v.optional(Registry),
  /**
   * What asks the load balancer from inside where a manifest wants that: an image of this account's registry, by digest
   * and with `node` in its PATH. Without it no service of the environment can be probed.
   */
  probe: v.optional(
    v.strictObject({
      image: matching(
        /^[a-z0-9]+([._/-][a-z0-9]+)*@sha256:[0-9a-f]{64}$/,
        'an ECR repository and a digest, such as base/node@sha256:…',
      ),
    }),
  ),
  /**
   * With which BuildKit customers' Dockerfiles are built. It runs privileged, as root on the runner, and sees the source and
   * the secrets of a build, so it is the contract's word and its bytes are named.
   */
  build: v.optional(v.strictObject({ builder: matching(BUILDER, BUILDER_EXAMPLE) })),
  scanFloor: ScanFloor,
  /** How long a verdict counts before the image must be judged again. */
  verdictHours: whole(1, 24 * 30),
  approval: v.strictObject({
    /** The GitHub environment of the approve job. */
    environment: text,
    /** How long an approval counts. */
    days: whole(1, 90),
    /** How many of each role must approve. */
    required: v.record(v.string(), whole(1, 10)),
    /** Numeric GitHub user ids by role. */
    roles: v.record(v.string(), v.array(id)),
    /**
     * Numeric GitHub user ids of bots that may write commits and start runs here, such as Dependabot's. Who merges or
     * pushes what one of them wrote does not approve it.
     */
    bots: v.optional(v.array(id)),
  }),
  /** The GitHub environment of the deploy job and what must protect it. */
  protection: v.strictObject({
    environment: text,
    branches: v.pipe(v.array(text), v.minLength(1, 'names no branch')),
  }),
  /** What may be promoted into this environment: images that were verified in that one. */
  promotion: v.optional(v.strictObject({ from: matching(ENVIRONMENT, NAMES.environment) })),
  /** This environment stands in for another one after a regional failure; minutes that recovery may take. */
  dr: v.optional(
    v.strictObject({ recovers: matching(ENVIRONMENT, NAMES.environment), rtoMinutes: whole(1, 10_080) }),
  ),
  /** What another region keeps, so that a failure of this one can be survived. */
  recovery: v.optional(RecoveryAgreement),
  evidence: v.strictObject({ retentionDays: whole(1, 36_500) }),
  /**
   * Public halves of the keys that sign the record here, beside those that a release trusts. A key that was replaced stays,
   * with `until`: the newest contract says which keys count, for old records too.
   */
  keys: v.optional(v.array(EnvironmentKey)),
  /** Keys of the environments that versions come from. `contract sign` copies them from there; a file has none. */
  sourceKeys: v.optional(v.record(matching(ENVIRONMENT, NAMES.environment), v.array(EnvironmentKey))),
  /** Long-lived credentials that `rotate-access` rotates; each has its journal in the vault of its one environment. */
  credentials: v.optional(v.array(Credential)),
  githubApp: v.optional(RotationApp),
  /** Who may be granted a role for an incident, for how long, and who approves. */
  breakGlass: v.optional(BreakGlass),
});
export type EnvironmentContract = v.InferOutput<typeof EnvironmentContract>;

/** The ARN pattern of a role that publishes contracts. */
export const PUBLISHER = /^arn:[\w-]+:(iam|sts)::\d{12}:[\w+=,.@*/-]{1,200}$/;

/** What the provider has agreed with one tenant. Published per environment with `environments` cut down to that one. */
export const TenantContract = v.strictObject({
  schemaVersion: v.literal(1, 'must be 1'),
  id: matching(TENANT, 'a tenant id: 2 to 21 lower-case letters, digits and dashes, a letter first'),
  /** Grows with every change of the contract. */
  serial: id,
  expires: instant('must be a time such as 2027-11-30T00:00:00Z'),
  account: matching(ACCOUNT, '12 digits, in quotes'),
  partition: v.picklist(PARTITION_NAMES, `must be one of ${PARTITION_NAMES.join(', ')}`),
  tier: text,
  sla: v.strictObject({ availability: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) }),
  contacts: v.strictObject({ provider: v.record(v.string(), text), customer: v.record(v.string(), text) }),
  repositories: v.pipe(v.array(Repository), v.minLength(1, 'lists no repository')),
  /** The provider's own repository, which may act on every service. */
  operations: v.strictObject({ repository: text, repositoryId: id, ownerId: id }),
  runners: v.pipe(v.array(text), v.minLength(1, 'allows no runner')),
  /**
   * Tags of the releases that the roles trust, and no other: the one in use, and while callers move, the one before and the
   * one after. `contract lint` wants them; contracts that were signed before there were any still hold.
   */
  releases: v.optional(
    v.pipe(
      v.array(matching(/^v\d{1,3}\.\d{1,3}\.\d{1,3}$/, 'the tag of a release such as v1.12.0')),
      v.minLength(1, 'names no release'),
      v.maxLength(3, 'names more than three releases'),
    ),
  ),
  /** ARN patterns of the roles that publish contracts and stop signs into the vault. Without them nothing is provisioned. */
  publishers: v.optional(
    v.pipe(
      v.array(matching(PUBLISHER, 'the ARN of a role, which may end in a pattern')),
      v.minLength(1, 'names no role'),
      v.maxLength(5, 'names more than five roles'),
    ),
  ),
  environments: named(ENVIRONMENT, NAMES.environment, EnvironmentContract),
});
export type TenantContract = v.InferOutput<typeof TenantContract>;
