/**
 * What adapters keep over the local AWS and cannot keep over moto, how that ends, and the page of AWS that decides. A
 * promise that moto keeps again must leave this list.
 */
export const BROKEN: Readonly<Record<string, { readonly ends: RegExp; readonly decidedBy: string }>> = {
  'tells what the inline policies of a role allow': {
    ends: /is not valid JSON/,
    decidedBy:
      'AWS IAM API Reference, "GetRolePolicy": the document is JSON, in the form of a URL. moto gives what its stack took apart',
  },
  'tells a key by its alias': {
    ends: /kms:DescribeKey/,
    decidedBy: 'AWS CloudFormation User Guide, "AWS::KMS::Alias". moto makes none in a stack',
  },
  'tells that a bucket keeps versions': {
    ends: /Expected: "Enabled"/,
    decidedBy:
      'AWS CloudFormation User Guide, "AWS::S3::Bucket": `VersioningConfiguration`. moto leaves it out',
  },
  'tells a new bucket to be shut to the public': {
    ends: /Expected: true/,
    decidedBy: 'Amazon S3 User Guide, "Blocking public access": all new buckets have all four settings',
  },
  'tells that a cluster has no tags': {
    ends: /AWS answered without tags/,
    decidedBy: 'Amazon ECS API Reference, "ListTagsForResource": `tags` is a list. moto leaves it out',
  },
  'tells a balancer and its listeners': {
    ends: /DescribeLoadBalancers/,
    decidedBy: 'Elastic Load Balancing API Reference, "DescribeLoadBalancers". moto fails inside itself',
  },
  'a balancer is told by name and by ARN': {
    ends: /DescribeLoadBalancers/,
    decidedBy: 'Elastic Load Balancing API Reference, "DescribeLoadBalancers". moto fails inside itself',
  },
  'a key of KMS signs what its public half verifies': {
    ends: /Expected: true/,
    decidedBy: 'AWS KMS API Reference, "Sign": a DIGEST is not hashed again. moto hashes it',
  },
  'a stack is told with all of its resources and their ids': {
    ends: /"Alias"/,
    decidedBy:
      'AWS CloudFormation API Reference, "StackResourceSummary": `LogicalResourceId` is required. moto leaves two empty',
  },
  'a value waits under its label until it is promoted, and the one before is kept': {
    ends: /Received: "unknown"/,
    decidedBy:
      'AWS Secrets Manager API Reference, "PutSecretValue": the first version is AWSCURRENT. moto moves no label without one',
  },
  'a version is never given another value': {
    ends: /Received: "done"/,
    decidedBy:
      'AWS Secrets Manager API Reference, "PutSecretValue": ResourceExistsException, as a version is never modified',
  },
  'a label is not taken from a version that does not have it': {
    ends: /Expected value: "AWSCURRENT"/,
    decidedBy: 'AWS Secrets Manager API Reference, "PutSecretValue": the first version is AWSCURRENT',
  },
  'a secret is told with when it changed, its replicas and all its versions, and never with a value': {
    ends: /AWSCURRENT/,
    decidedBy: 'AWS Secrets Manager API Reference, "PutSecretValue": the first version is AWSCURRENT',
  },
  'replaces only what still holds the version named': {
    ends: /'changed'/,
    decidedBy: 'Amazon S3 User Guide, "Conditional writes": `If-Match`. moto replaces',
  },
  'replaces nothing that was never written': {
    ends: /'changed'/,
    decidedBy: 'Amazon S3 User Guide, "Conditional writes": `If-Match`. moto replaces',
  },
  'loses no update when many replace the same key': {
    ends: /24/,
    decidedBy: 'Amazon S3 User Guide, "Conditional writes": `If-Match`. moto replaces',
  },
  'a revision that was deregistered is not active': {
    ends: /never came/,
    decidedBy: 'Amazon ECS API Reference, "ListTaskDefinitions": `status`. moto does not look at it',
  },
  'an alarm is told, and none that is not there': {
    ends: /cloudwatch:DescribeAlarms/,
    decidedBy:
      'Amazon CloudWatch API Reference, "Making API requests": CBOR is among its protocols. This moto answers in XML',
  },
  'a lifecycle policy is told as it was put': {
    ends: /ecr:GetLifecyclePolicy/,
    decidedBy:
      'Amazon ECR API Reference, "GetLifecyclePolicy": `lastEvaluatedAt` is a timestamp. moto gives a text',
  },
};
