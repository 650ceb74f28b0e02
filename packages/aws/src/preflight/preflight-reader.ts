import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Role } from '@tenant-delivery/domain';
import type { PlacedTargetGroup } from '@tenant-delivery/isolation/observed';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import { ec2Subnets } from '../ec2/subnets.ts';
import { imagePlatform } from '../ecr/image-platform.ts';
import { elbv2, identityOf } from '../elb/elbv2.ts';
import { required } from '../errors/translate.ts';
import { iamRoles } from '../iam/roles.ts';
import { logGroupExists } from '../logs/group-exists.ts';
import { secretMetadata } from '../secrets/secret-metadata.ts';
import type { Session } from '../session/session.ts';
import { parameterNames } from '../ssm/parameter-names.ts';

/** What surrounds a service, read only, as one role of the session sees it. */
export function preflightReader(session: Pick<Session, 'clientConfig'>, role: Role): PreflightReader {
  const config = session.clientConfig(role);
  const elb = elbv2(config);
  return {
    role: iamRoles(config),
    secret: secretMetadata(config),
    parameters: parameterNames(config),
    subnets: ec2Subnets(config),
    platform: imagePlatform(config),
    logGroupExists: logGroupExists(config),
    targetGroups: async (arns) => {
      // One at a time: if one of several does not exist, ELB refuses the whole request.
      const found = await Promise.all(arns.map(elb.targetGroup));
      return found.filter((group) => group !== undefined).map(placedOf);
    },
    balancer: async (name) => {
      const found = await elb.loadBalancer(name);
      if (found === undefined) return undefined;
      return { ...identityOf(found), vpc: found.VpcId, state: found.State?.Code };
    },
  };
}

function placedOf(group: TargetGroup): PlacedTargetGroup {
  return {
    arn: required(group.TargetGroupArn, 'TargetGroups[0].TargetGroupArn'),
    name: required(group.TargetGroupName, 'TargetGroups[0].TargetGroupName'),
    type: required(group.TargetType, 'TargetGroups[0].TargetType'),
    vpc: group.VpcId,
    balancers: group.LoadBalancerArns ?? [], // AWS may leave it out for a group without a balancer
  };
}
