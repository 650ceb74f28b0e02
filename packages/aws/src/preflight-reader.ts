import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Role } from '@tenant-delivery/domain';
import type { PlacedTargetGroup } from '@tenant-delivery/isolation/observed';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import { CLOUDWATCH_LOGS } from './cloudwatch-logs.ts';
import { ec2Subnets } from './ec2-subnets.ts';
import { iamRoles } from './iam-roles.ts';
import { objectsIn, textIn } from './json-answer.ts';
import { parameterNames } from './parameter-names.ts';
import { secretMetadata } from './secret-metadata.ts';
import type { Session } from './session.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

/** What surrounds a service, read only, as one role of the session sees it. */
export function preflightReader(session: Pick<Session, 'clientConfig'>, role: Role): PreflightReader {
  const config = session.clientConfig(role);
  const elb = new ElasticLoadBalancingV2Client(config);
  const logs = jsonCaller(CLOUDWATCH_LOGS, config);
  return {
    role: iamRoles(config),
    secret: secretMetadata(config),
    parameters: parameterNames(config),
    subnets: ec2Subnets(config),
    logGroupExists: async (name) => {
      // Sorted by name, so that the group itself comes before those whose names it begins.
      const sent = logs('DescribeLogGroups', { logGroupNamePrefix: name });
      const answer = await translated('logs:DescribeLogGroups', sent);
      const groups = required(objectsIn(answer, 'logGroups'), 'logGroups');
      return groups.some((group) => textIn(group, 'logGroupName') === name);
    },
    targetGroups: async (arns) => {
      const found = await Promise.all(arns.map((arn) => targetGroup(elb, arn)));
      return found.filter((group) => group !== undefined);
    },
    balancer: async (name) => {
      const answer = await translated(
        'elasticloadbalancing:DescribeLoadBalancers',
        elb.send(new DescribeLoadBalancersCommand({ Names: [name] })),
        ['LoadBalancerNotFoundException', 'LoadBalancerNotFound'],
      );
      if (typeof answer === 'string') return undefined;
      const found = required(answer.LoadBalancers?.[0], `the load balancer ${name}`);
      return {
        arn: required(found.LoadBalancerArn, 'LoadBalancers[0].LoadBalancerArn'),
        name: required(found.LoadBalancerName, 'LoadBalancers[0].LoadBalancerName'),
        scheme: required(found.Scheme, 'LoadBalancers[0].Scheme'),
        vpc: found.VpcId,
        state: found.State?.Code,
      };
    },
  };
}

/** One at a time: of several, one that does not exist would refuse the answer about all. */
async function targetGroup(
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<PlacedTargetGroup | undefined> {
  const answer = await translated(
    'elasticloadbalancing:DescribeTargetGroups',
    elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
    ['TargetGroupNotFoundException', 'TargetGroupNotFound'],
  );
  if (typeof answer === 'string') return undefined;
  const found = required(answer.TargetGroups?.[0], `the target group ${arn}`);
  return {
    arn: required(found.TargetGroupArn, 'TargetGroups[0].TargetGroupArn'),
    name: required(found.TargetGroupName, 'TargetGroups[0].TargetGroupName'),
    type: required(found.TargetType, 'TargetGroups[0].TargetType'),
    vpc: found.VpcId,
    balancers: found.LoadBalancerArns ?? [],
  };
}
