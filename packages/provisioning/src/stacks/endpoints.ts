import type { NetworkedEnvironment } from './networked-environment.ts';
import { routeTables, subnetsOf } from './subnets.ts';
import { att, logicalId, type Resources, ref, tagList } from './template.ts';

/** Ways to AWS's services that do not leave the VPC; layers of images come from S3, whose gateway costs nothing. */
export function endpoints(place: NetworkedEnvironment): Resources {
  const { network, environment } = place;
  const service = (name: string) => `com.amazonaws.${environment.region}.${name}`;
  return {
    EndpointS3: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'Gateway',
        ServiceName: service('s3'),
        VpcId: ref('Vpc'),
        RouteTableIds: routeTables(place).map(ref),
        Tags: tagList(place.tags),
      },
    },
    ...Object.fromEntries(
      network.endpoints.services.map((name) => [
        logicalId('endpoint', name),
        {
          Type: 'AWS::EC2::VPCEndpoint',
          Properties: {
            VpcEndpointType: 'Interface',
            ServiceName: service(name),
            VpcId: ref('Vpc'),
            SubnetIds: subnetsOf(place, network.endpoints.layer),
            SecurityGroupIds: [att('GroupEndpoints', 'GroupId')],
            PrivateDnsEnabled: true,
            Tags: tagList(place.tags),
          },
        },
      ]),
    ),
  };
}
