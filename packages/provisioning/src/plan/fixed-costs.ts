import type { Template } from '../stacks/template.ts';
import type { FixedCosts } from './plan.ts';

/** How much of what AWS charges by the hour or month, used or not, these resources are. */
export function fixedCosts(templates: readonly Pick<Template, 'Resources'>[]): FixedCosts {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const of = (type: string) => resources.filter(({ Type }) => Type === type);
  return {
    natGateways: of('AWS::EC2::NatGateway').length,
    addresses: of('AWS::EC2::EIP').length,
    vpnConnections: of('AWS::EC2::VPNConnection').length,
    interfaceEndpoints: of('AWS::EC2::VPCEndpoint').filter(
      ({ Properties }) => Properties?.['VpcEndpointType'] === 'Interface',
    ).length,
    loadBalancers: of('AWS::ElasticLoadBalancingV2::LoadBalancer').length,
    keys: of('AWS::KMS::Key').length,
  };
}
