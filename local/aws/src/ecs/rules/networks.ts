import { ec2Of } from '../../ec2/state.ts';
import type { Call } from '../../world/service.ts';
import { definitionIn, type Requested, requestRules, STARTING } from './requested.ts';

const MOST_SUBNETS = 16;
const MOST_GROUPS = 5;

const network = (subnets: number, securityGroups: number): Requested => ({
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: Array.from({ length: subnets }, (_, at) => `subnet-${at}`),
      securityGroups: Array.from({ length: securityGroups }, (_, at) => `sg-${at}`),
    },
  },
});

/** The VPCs of the subnets that EC2 knows. */
function vpcsOf({ networkConfiguration }: Requested, { world, account, region }: Call): ReadonlySet<string> {
  const { subnets } = ec2Of(world, account, region);
  const named = networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  return new Set(named.flatMap((id) => subnets[id]?.vpc ?? []));
}

export const networkRules = [
  ...requestRules('AwsVpcConfiguration - Amazon Elastic Container Service API Reference', [
    {
      operations: STARTING,
      says: 'A network has 1 to 16 subnets and at most 5 security groups.',
      *mistakes({ networkConfiguration }) {
        const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
        if (networkConfiguration?.awsvpcConfiguration && subnets.length === 0)
          yield 'subnets can not be empty.';
        if (subnets.length > MOST_SUBNETS) yield `subnets can have at most ${MOST_SUBNETS} items.`;
        if (securityGroups.length > MOST_GROUPS)
          yield `securityGroups can have at most ${MOST_GROUPS} items.`;
      },
      shownBy: [network(0, 1), network(17, 1), network(1, 6)],
    },
    {
      operations: STARTING,
      says: 'Subnets and security groups are of one VPC.',
      *mistakes(input, call) {
        const vpcs = vpcsOf(input, call);
        if (vpcs.size > 1) yield 'Subnets must belong to the same VPC.';
        if (vpcs.size !== 1) return; // EC2 does not know the subnets, which is for the operation to say
        const { securityGroups } = ec2Of(call.world, call.account, call.region);
        for (const id of input.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? []) {
          const group = securityGroups[id];
          if (!group)
            yield `Error retrieving security group information for [${id}]: The security group '${id}' does not exist (ErrorCode: InvalidGroup.NotFound)`;
          else if (!vpcs.has(group.vpc))
            yield `Security group ${id} does not appear to belong to the same VPC as the input subnets.`;
        }
      },
    },
  ]),
  ...requestRules('CreateService - Amazon Elastic Container Service API Reference', [
    {
      operations: STARTING,
      says: 'A network is given for awsvpc and for no other mode.',
      *mistakes(input, call) {
        const definition = definitionIn(input, call);
        if (!definition) return;
        const awsvpc = definition.content.networkMode === 'awsvpc';
        const given = input.networkConfiguration?.awsvpcConfiguration !== undefined;
        if (awsvpc && !given && input.service === undefined)
          yield "Network Configuration must be provided when networkMode 'awsvpc' is specified.";
        if (!awsvpc && given)
          yield 'Network Configuration is not valid for the given networkMode of this task definition.';
      },
    },
  ]),
];
