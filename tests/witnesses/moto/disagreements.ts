/** Where moto and the local AWS differ, and which page of AWS decides. */
export const DISAGREEMENTS: readonly {
  readonly exchange: string;
  readonly here: string;
  readonly moto: string;
  readonly decidedBy: string;
}[] = [
  {
    exchange: 'a VPC',
    here: '["10.20.0.0/16",false]',
    moto: '["10.20.0.0/16",null]',
    decidedBy:
      'Amazon EC2 API Reference, "Vpc": `isDefault` is a member, and the example of CreateVpc has it',
  },
  {
    exchange: 'a subnet that is too small',
    here: 'refused: InvalidSubnet.Range',
    moto: 'done',
    decidedBy: 'Amazon VPC User Guide, "Subnet CIDR blocks": between /28 and /16',
  },
  {
    exchange: 'a VPC with a subnet is deleted',
    here: 'refused: DependencyViolation',
    moto: 'done',
    decidedBy: 'Amazon EC2 API Reference, "DeleteVpc": everything in it must be gone before',
  },
  {
    exchange: 'a task definition without containers',
    here: 'refused: ClientException',
    moto: 'done',
    decidedBy: 'Amazon ECS API Reference, "RegisterTaskDefinition": container definitions are required',
  },
  {
    exchange: 'a Fargate task of a size that there is not',
    here: 'refused: ClientException',
    moto: 'done',
    decidedBy: 'Amazon ECS Developer Guide, "Task CPU and memory": the table of sizes on Fargate',
  },
  {
    exchange: 'a retention of 31 days',
    here: 'refused: InvalidParameterException',
    moto: 'done',
    decidedBy: 'Amazon CloudWatch Logs API Reference, "PutRetentionPolicy": the list of possible values',
  },
  {
    exchange: 'a topic with a blank in its name',
    here: 'refused: InvalidParameterException',
    moto: 'refused: InvalidParameterValue',
    decidedBy: 'Amazon SNS API Reference, "CreateTopic", Errors: InvalidParameter',
  },
  {
    exchange: 'a template that is no JSON',
    here: 'refused: ValidationError',
    moto: 'refused: Error',
    decidedBy:
      'AWS CloudFormation API Reference, "Common Error Types": ValidationError. moto fails inside itself',
  },
  {
    exchange: 'adapter: a vault, created once, replaced by who has read it, listed',
    here: '["object","exists","changed","one","none","object",["changes/a"]]',
    moto: '["object","exists","replaced","three","none","object",["changes/a"]]',
    decidedBy:
      'Amazon S3 User Guide, "Conditional writes": a PutObject with `If-Match` fails where the ETag differs. moto replaces',
  },
];
