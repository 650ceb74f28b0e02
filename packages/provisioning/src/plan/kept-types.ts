/** What holds data, or is known to others by its id or address: it is never replaced, and never deleted by an update. */
export const KEPT_TYPES = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::ECR::Repository',
  'AWS::Backup::BackupVault',
  'AWS::EC2::EIP',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPNGateway',
  'AWS::EC2::CustomerGateway',
  'AWS::EC2::VPNConnection',
] as const;

/** What serves requests now. A change of the contract may alter it, and only a withdrawal takes it away. */
const SERVING_TYPES = [
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
] as const;

/** The vault of the record and its keys: CloudFormation's role may look at them, and change none once they are made. */
const SEALED_TYPES: ReadonlySet<string> = new Set([
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::KMS::Key',
]);

/** What AWS charges nothing for, however long it stays. */
const FREE_TYPES: ReadonlySet<string> = new Set([
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPNGateway',
  'AWS::EC2::CustomerGateway',
]);

const KEPT: ReadonlySet<string> = new Set(KEPT_TYPES);
const SERVING: ReadonlySet<string> = new Set(SERVING_TYPES);

export const isKeptType = (type: string): boolean => KEPT.has(type);
export const isServingType = (type: string): boolean => SERVING.has(type);
export const isFreeType = (type: string): boolean => FREE_TYPES.has(type);
export const isSealedType = (type: string): boolean => SEALED_TYPES.has(type);
