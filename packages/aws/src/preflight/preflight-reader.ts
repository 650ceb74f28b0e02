import type { Role } from '@tenant-delivery/domain';
import type { PlacedTargetGroup } from '@tenant-delivery/isolation/observed';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import { objectsIn, textIn } from '../by-hand/json-answer.ts';
import { requiredText } from '../by-hand/query-answer.ts';
import { childOf, jsonCaller, textOf, type Xml } from '../by-hand/signed-call.ts';
import { imagePlatform } from '../ecr/image-platform.ts';
import { balancersOf, elbv2, identityOf } from '../elb/elbv2.ts';
import { required, translated } from '../errors/translate.ts';
import { iamRoles } from '../iam/roles.ts';
import { CLOUDWATCH_LOGS } from '../logs/cloudwatch-logs.ts';
import { secretMetadata } from '../secrets/secret-metadata.ts';
import type { Session } from '../session/session.ts';
import { parameterNames } from '../ssm/parameter-names.ts';
import { ec2Subnets } from '../ec2/subnets.ts';

/** What surrounds a service, read only, as one role of the session sees it. */
export function preflightReader(session: Pick<Session, 'clientConfig'>, role: Role): PreflightReader {
  const config = session.clientConfig(role);
  const elb = elbv2(config);
  const logs = jsonCaller(CLOUDWATCH_LOGS, config);
  return {
    role: iamRoles(config),
    secret: secretMetadata(config),
    parameters: parameterNames(config),
    subnets: ec2Subnets(config),
    platform: imagePlatform(config),
    logGroupExists: async (name) => {
      // Sorted by name, so that the group itself comes before those whose names it begins.
      const sent = logs('DescribeLogGroups', { logGroupNamePrefix: name });
      const answer = await translated('logs:DescribeLogGroups', sent);
      const groups = required(objectsIn(answer, 'logGroups'), 'logGroups');
      return groups.some((group) => textIn(group, 'logGroupName') === name);
    },
    targetGroups: async (arns) => {
      // One at a time: of several, one that does not exist would refuse the answer about all.
      const found = await Promise.all(arns.map(elb.targetGroup));
      return found.filter((group) => group !== undefined).map(placedOf);
    },
    balancer: async (name) => {
      const found = await elb.loadBalancer(name);
      if (found === undefined) return undefined;
      return {
        ...identityOf(found),
        vpc: textOf(found, 'VpcId'),
        state: textOf(childOf(found, 'State'), 'Code'),
      };
    },
  };
}

function placedOf(group: Xml): PlacedTargetGroup {
  const of = 'TargetGroups[0]';
  return {
    arn: requiredText(group, of, 'TargetGroupArn'),
    name: requiredText(group, of, 'TargetGroupName'),
    type: requiredText(group, of, 'TargetType'),
    vpc: textOf(group, 'VpcId'),
    balancers: balancersOf(group),
  };
}
