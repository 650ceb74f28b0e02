/**
 * Texts of which AWS takes only some, by shape and member, as `@aws-sdk/client-ecs` has them. A test derives the same from
 * the SDK's own enums.
 */
export const KNOWN_VALUES = {
  'RegisterTaskDefinitionRequest.networkMode': 'awsvpc bridge host none',
  'RegisterTaskDefinitionRequest.requiresCompatibilities': 'EC2 EXTERNAL FARGATE MANAGED_INSTANCES',
  'RegisterTaskDefinitionRequest.pidMode': 'host task',
  'RegisterTaskDefinitionRequest.ipcMode': 'host none task',
  'ContainerDefinition.versionConsistency': 'disabled enabled',
  'PortMapping.protocol': 'tcp udp',
  'PortMapping.appProtocol': 'grpc http http2',
  'EnvironmentFile.type': 's3',
  'Device.permissions': 'mknod read write',
  'ContainerDependency.condition': 'COMPLETE HEALTHY START SUCCESS',
  'Ulimit.name':
    'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack',
  'LogConfiguration.logDriver': 'awsfirelens awslogs fluentd gelf journald json-file splunk syslog',
  'ResourceRequirement.type': 'GPU InferenceAccelerator NeuronDevice',
  'FirelensConfiguration.type': 'fluentbit fluentd',
  'DockerVolumeConfiguration.scope': 'shared task',
  'EFSVolumeConfiguration.transitEncryption': 'DISABLED ENABLED',
  'EFSAuthorizationConfig.iam': 'DISABLED ENABLED',
  'TaskDefinitionPlacementConstraint.type': 'memberOf',
  'ProxyConfiguration.type': 'APPMESH',
  'RuntimePlatform.cpuArchitecture': 'ARM64 X86_64',
  'RuntimePlatform.operatingSystemFamily':
    'LINUX WINDOWS_SERVER_2004_CORE WINDOWS_SERVER_2016_FULL WINDOWS_SERVER_2019_CORE WINDOWS_SERVER_2019_FULL WINDOWS_SERVER_2022_CORE WINDOWS_SERVER_2022_FULL WINDOWS_SERVER_2025_CORE WINDOWS_SERVER_2025_FULL WINDOWS_SERVER_20H2_CORE',
} as const;

/** What AWS takes for a member, or `undefined` where it takes any text. */
export function valuesOf(shape: string, member: string): readonly string[] | undefined {
  const known: Readonly<Record<string, string>> = KNOWN_VALUES;
  return known[`${shape}.${member}`]?.split(' ');
}
