import type { Role } from '@tenant-delivery/domain';
import type { ExistingResources } from '@tenant-delivery/provisioning/ports';
import * as v from 'valibot';
import { cloudformationClient, orAbsent } from '../cloudformation/cloudformation-client.ts';
import { elbv2 } from '../elb/elbv2.ts';
import { required, translated } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import { lazyClient } from '../session/lazy-client.ts';
import type { Session } from '../session/session.ts';

const Live = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/**
 * What is there, whoever made it, as CloudFormation's own handlers read it. They ask each service with the rights of the
 * role, so what it may not see is a failure. Assumes cloudcontrol-reads-what-is-adopted.
 */
export function existingResources(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
  region: string,
): ExistingResources {
  const config = { ...session.clientConfig(role), region };
  const control = lazyClient(
    () => import('./cloudcontrol-sdk.ts'),
    (sdk) => sdk.CloudControlClient,
    config,
  );
  const cloudformation = cloudformationClient(config);
  const elb = elbv2(config);
  return {
    properties: async (type, identifier) => {
      // "Identifying resources", Cloud Control API User Guide: the values in the order of the schema
      const asked = { TypeName: type, Identifier: Object.values(identifier).join('|') };
      const sent = control.send((sdk) => new sdk.GetResourceCommand(asked));
      const answer = await translated('cloudformation:GetResource', sent, ['ResourceNotFoundException']);
      if (answer === 'ResourceNotFoundException') return undefined;
      const said = required(answer.ResourceDescription?.Properties, 'ResourceDescription.Properties');
      const read = v.safeParse(Live, said);
      if (!read.success) throw failures.awsEmptyReply(`the properties of ${type} ${asked.Identifier}`);
      return read.output;
    },
    arn: async (of, name) => {
      if (of === 'load balancer') return (await elb.loadBalancer(name))?.LoadBalancerArn;
      return (await elb.targetGroup(name))?.TargetGroupArn;
    },
    stackOf: async (id) => {
      const asked = { PhysicalResourceId: id };
      const sent = cloudformation.send((sdk) => new sdk.DescribeStackResourcesCommand(asked));
      const answer = await translated('cloudformation:DescribeStackResources', orAbsent(sent));
      return answer && required(answer.StackResources?.[0]?.StackName, 'StackResources[0].StackName');
    },
  };
}
