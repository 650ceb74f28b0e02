import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';

/** Members of an UpdateService request whose effect local-aws does not have. An empty list clears nothing and passes. */
export function unsupportedMembers(input: UpdateServiceRequest): readonly string[] {
  const controller = input.deploymentController?.type;
  return [
    ...(
      [
        'capacityProviderStrategy',
        'placementConstraints',
        'placementStrategy',
        'serviceRegistries',
        'volumeConfigurations',
        'vpcLatticeConfigurations',
        'gatewayConnectors',
      ] as const
    ).filter((member) => (input[member] ?? []).length > 0),
    ...(input.serviceConnectConfiguration?.enabled ? ['serviceConnectConfiguration'] : []),
    ...(input.monitoring ? ['monitoring'] : []),
    ...(controller === undefined || controller === 'ECS' ? [] : [`deploymentController ${controller}`]),
  ];
}
