/**
 * The members of UpdateServiceRequest as `@aws-sdk/client-ecs` has them, written as in `known-members.ts`, `*` for any
 * JSON. Shapes that a task definition has too stand there. A test derives the same from the SDK's own schemas.
 */
export const KNOWN_UPDATE_MEMBERS = {
  UpdateServiceRequest: `
    service cluster desiredCount# taskDefinition capacityProviderStrategy[]:CapacityProviderStrategyItem
    deploymentConfiguration:DeploymentConfiguration availabilityZoneRebalancing
    networkConfiguration:NetworkConfiguration placementConstraints[]:PlacementConstraint
    placementStrategy[]:PlacementStrategy platformVersion forceNewDeployment? healthCheckGracePeriodSeconds#
    deploymentController:DeploymentController enableExecuteCommand? enableECSManagedTags?
    loadBalancers[]:LoadBalancer propagateTags serviceRegistries[]:ServiceRegistry
    serviceConnectConfiguration:ServiceConnectConfiguration volumeConfigurations[]:ServiceVolumeConfiguration
    vpcLatticeConfigurations[]:VpcLatticeConfiguration gatewayConnectors[]:GatewayConnector
    monitoring:MonitoringConfiguration`,
  CapacityProviderStrategyItem: 'capacityProvider weight# base#',
  DeploymentConfiguration: `
    deploymentCircuitBreaker:DeploymentCircuitBreaker maximumPercent# minimumHealthyPercent#
    alarms:DeploymentAlarms strategy bakeTimeInMinutes# lifecycleHooks[]:DeploymentLifecycleHook
    linearConfiguration:LinearConfiguration canaryConfiguration:CanaryConfiguration
    earlySuccessCriteria:DeploymentEarlySuccessCriteria`,
  DeploymentCircuitBreaker:
    'enable? rollback? resetOnHealthyTask? thresholdConfiguration:ThresholdConfiguration',
  ThresholdConfiguration: 'type value#',
  DeploymentAlarms: 'alarmNames[] rollback? enable?',
  DeploymentLifecycleHook: `
    targetType hookTargetArn roleArn lifecycleStages[] hookDetails*
    timeoutConfiguration:DeploymentLifecycleHookTimeoutConfiguration`,
  DeploymentLifecycleHookTimeoutConfiguration: 'timeoutInMinutes# action',
  LinearConfiguration: 'stepPercent# stepBakeTimeInMinutes#',
  CanaryConfiguration: 'canaryPercent# canaryBakeTimeInMinutes#',
  DeploymentEarlySuccessCriteria: 'enable? healthyPercent# sourceServiceRevisionCleanup',
  NetworkConfiguration: 'awsvpcConfiguration:AwsVpcConfiguration',
  AwsVpcConfiguration: 'subnets[] securityGroups[] assignPublicIp',
  PlacementConstraint: 'type expression',
  PlacementStrategy: 'type field',
  DeploymentController: 'type',
  LoadBalancer: `
    targetGroupArn loadBalancerName containerName containerPort# advancedConfiguration:AdvancedConfiguration`,
  AdvancedConfiguration: 'alternateTargetGroupArn productionListenerRule testListenerRule roleArn',
  ServiceRegistry: 'registryArn port# containerName containerPort#',
  ServiceConnectConfiguration: `
    enabled? namespace services[]:ServiceConnectService logConfiguration:LogConfiguration
    accessLogConfiguration:ServiceConnectAccessLogConfiguration
    containerConfigurations[]:ServiceConnectContainerConfiguration`,
  ServiceConnectService: `
    portName discoveryName clientAliases[]:ServiceConnectClientAlias ingressPortOverride#
    timeout:TimeoutConfiguration tls:ServiceConnectTlsConfiguration`,
  ServiceConnectClientAlias: 'port# dnsName testTrafficRules:ServiceConnectTestTrafficRules',
  ServiceConnectTestTrafficRules: 'header:ServiceConnectTestTrafficHeaderRules',
  ServiceConnectTestTrafficHeaderRules: 'name value:ServiceConnectTestTrafficHeaderMatchRules',
  ServiceConnectTestTrafficHeaderMatchRules: 'exact',
  TimeoutConfiguration: 'idleTimeoutSeconds# perRequestTimeoutSeconds#',
  ServiceConnectTlsConfiguration:
    'issuerCertificateAuthority:ServiceConnectTlsCertificateAuthority kmsKey roleArn',
  ServiceConnectTlsCertificateAuthority: 'awsPcaAuthorityArn',
  ServiceConnectAccessLogConfiguration: 'format includeQueryParameters',
  ServiceConnectContainerConfiguration: 'logLevel',
  ServiceVolumeConfiguration: 'name managedEBSVolume:ServiceManagedEBSVolumeConfiguration',
  ServiceManagedEBSVolumeConfiguration: `
    roleArn encrypted? kmsKeyId volumeType sizeInGiB# snapshotId volumeInitializationRate# iops# throughput#
    tagSpecifications[]:EBSTagSpecification filesystemType`,
  EBSTagSpecification: 'resourceType tags[]:Tag propagateTags',
  VpcLatticeConfiguration:
    'roleArn targetGroupArn portName advancedConfiguration:VpcLatticeAdvancedConfiguration',
  VpcLatticeAdvancedConfiguration: 'alternateTargetGroupArn productionListenerRule testListenerRule',
  GatewayConnector: 'portName healthCheck:GatewayConnectorHealthCheck filters:GatewayConnectorFilters',
  GatewayConnectorHealthCheck: `
    healthCheckProtocol healthCheckPort# healthCheckPath healthCheckTimeoutSeconds#
    healthCheckIntervalSeconds# healthyThresholdCount# unhealthyThresholdCount#
    matcher:GatewayConnectorHealthCheckMatcher`,
  GatewayConnectorHealthCheckMatcher: 'httpCode grpcCode',
  GatewayConnectorFilters: 'accessTypes[]',
  MonitoringConfiguration: 'metricConfigurations[]:MetricConfiguration',
  MetricConfiguration: 'metricNames[] resolutionSeconds#',
} as const;
