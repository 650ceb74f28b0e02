import type { NetworkedEnvironment } from './networked-environment.ts';
import { groupId } from './security-groups.ts';
import { subnetsOf } from './subnets.ts';
import { att, type Resources, ref, tagList } from './template.ts';

/** The internal load balancer. A request that no service's rule takes is answered by 404. */
export function balancer(place: NetworkedEnvironment): Resources {
  const { environment, network, tags } = place;
  const { layer, certificate } = network.balancer;
  const { name, listenerPort } = environment.loadBalancer;
  return {
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Name: name,
        Type: 'application',
        Scheme: 'internal',
        Subnets: subnetsOf(place, layer),
        SecurityGroups: [att(groupId(layer), 'GroupId')],
        LoadBalancerAttributes: [
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        ],
        Tags: tagList({ ...tags, Name: name }),
      },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: ref('Balancer'),
        Port: listenerPort,
        ...(certificate === undefined
          ? { Protocol: 'HTTP' }
          : {
              Protocol: 'HTTPS',
              SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
              Certificates: [{ CertificateArn: certificate }],
            }),
        DefaultActions: [
          {
            Type: 'fixed-response',
            FixedResponseConfig: {
              StatusCode: '404',
              ContentType: 'text/plain',
              MessageBody: 'no service has this path',
            },
          },
        ],
      },
    },
  };
}
