import { boundaryArn } from '../values.ts';
import { balancer } from './balancer.ts';
import { endpoints } from './endpoints.ts';
import { links } from './links.ts';
import type { NetworkedEnvironment } from './networked-environment.ts';
import { groupId, securityGroups } from './security-groups.ts';
import { addresses, subnets, subnetsOf } from './subnets.ts';
import { att, join, kept, logicalId, type Resources, ref, type Template, tagList } from './template.ts';

/** Everything that the services of an environment share. */
export function networkTemplate(place: NetworkedEnvironment): Template {
  const { contract, name, network } = place;
  const layers = Object.keys(network.layers);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The network of ${contract.id} ${name}`,
    Resources: {
      ...subnets(place),
      ...securityGroups(place),
      ...endpoints(place),
      ...links(place),
      ...flowLogs(place),
      ...balancer(place),
      ...cluster(place),
    },
    Outputs: {
      VpcId: { Description: 'The VPC', Value: ref('Vpc') },
      ListenerArn: { Description: 'The listener of the load balancer', Value: ref('Listener') },
      LoadBalancerName: {
        Description: 'The load balancer, as metrics name it',
        Value: att('Balancer', 'LoadBalancerFullName'),
      },
      ...Object.fromEntries(
        layers.flatMap((layer) => [
          [
            logicalId('subnets', layer),
            { Description: `Subnets of the layer ${layer}`, Value: join(',', subnetsOf(place, layer)) },
          ],
          [
            logicalId('group', layer, 'id'),
            {
              Description: `The security group of the layer ${layer}`,
              Value: att(groupId(layer), 'GroupId'),
            },
          ],
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(addresses(place)).map(([zone, address]) => [
          logicalId('address', zone),
          {
            Description: `Traffic of ${zone} leaves with this address; the customer's firewall lets it in`,
            Value: address,
          },
        ]),
      ),
    },
  };
}

/** What went through the VPC, kept as long as the contract says; kept on withdrawal too. */
function flowLogs({ contract, name, network, tags }: NetworkedEnvironment): Resources {
  return {
    FlowLogGroup: kept({
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: `/td/${contract.id}/${name}/flow-logs`,
        RetentionInDays: network.flowLogDays,
        Tags: tagList(tags),
      },
    }),
    FlowLogRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Path: `/td/${name}/`,
        PermissionsBoundary: boundaryArn(contract, name),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': contract.account } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'flow-logs',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
                  Resource: att('FlowLogGroup', 'Arn'),
                },
              ],
            },
          },
        ],
        Tags: tagList(tags),
      },
    },
    FlowLog: {
      Type: 'AWS::EC2::FlowLog',
      Properties: {
        ResourceId: ref('Vpc'),
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: ref('FlowLogGroup'),
        DeliverLogsPermissionArn: att('FlowLogRole', 'Arn'),
        Tags: tagList(tags),
      },
    },
  };
}

function cluster({ environment, tags }: NetworkedEnvironment): Resources {
  return {
    Cluster: {
      Type: 'AWS::ECS::Cluster',
      Properties: {
        ClusterName: environment.cluster,
        ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
        Tags: tagList(tags),
      },
    },
  };
}
