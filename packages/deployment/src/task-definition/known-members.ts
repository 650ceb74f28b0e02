import { KNOWN_UPDATE_MEMBERS } from './known-update-members.ts';

/**
 * The members of RegisterTaskDefinitionRequest as `@aws-sdk/client-ecs` has them, a shape a line: a bare name is a text,
 * `#` a number, `?` true or false, `{}` texts by name, `:Shape` an object, `[]` a list of what follows (of texts where
 * nothing does). A test derives the same from the SDK's own schemas and shows what to write here when they grow.
 */
export const KNOWN_MEMBERS = {
  RegisterTaskDefinitionRequest: `
    family containerDefinitions[]:ContainerDefinition taskRoleArn executionRoleArn networkMode
    volumes[]:Volume placementConstraints[]:TaskDefinitionPlacementConstraint requiresCompatibilities[] cpu
    memory tags[]:Tag pidMode ipcMode proxyConfiguration:ProxyConfiguration
    inferenceAccelerators[]:InferenceAccelerator ephemeralStorage:EphemeralStorage
    runtimePlatform:RuntimePlatform enableFaultInjection?`,
  ContainerDefinition: `
    name image repositoryCredentials:RepositoryCredentials cpu# memory# memoryReservation# links[]
    portMappings[]:PortMapping essential? restartPolicy:ContainerRestartPolicy entryPoint[] command[]
    environment[]:KeyValuePair environmentFiles[]:EnvironmentFile mountPoints[]:MountPoint
    volumesFrom[]:VolumeFrom linuxParameters:LinuxParameters secrets[]:Secret
    dependsOn[]:ContainerDependency startTimeout# stopTimeout# versionConsistency hostname user
    workingDirectory disableNetworking? privileged? readonlyRootFilesystem? dnsServers[] dnsSearchDomains[]
    extraHosts[]:HostEntry dockerSecurityOptions[] interactive? pseudoTerminal? dockerLabels{}
    ulimits[]:Ulimit logConfiguration:LogConfiguration healthCheck:HealthCheck
    systemControls[]:SystemControl resourceRequirements[]:ResourceRequirement
    firelensConfiguration:FirelensConfiguration credentialSpecs[]`,
  RepositoryCredentials: 'credentialsParameter',
  PortMapping: 'containerPort# hostPort# protocol name appProtocol containerPortRange',
  ContainerRestartPolicy: 'enabled? ignoredExitCodes[]# restartAttemptPeriod#',
  KeyValuePair: 'name value',
  EnvironmentFile: 'value type',
  MountPoint: 'sourceVolume containerPath readOnly?',
  VolumeFrom: 'sourceContainer readOnly?',
  LinuxParameters: `
    capabilities:KernelCapabilities devices[]:Device initProcessEnabled? sharedMemorySize# tmpfs[]:Tmpfs
    maxSwap# swappiness#`,
  KernelCapabilities: 'add[] drop[]',
  Device: 'hostPath containerPath permissions[]',
  Tmpfs: 'containerPath size# mountOptions[]',
  Secret: 'name valueFrom',
  ContainerDependency: 'containerName condition',
  HostEntry: 'hostname ipAddress',
  Ulimit: 'name softLimit# hardLimit#',
  LogConfiguration: 'logDriver options{} secretOptions[]:Secret',
  HealthCheck: 'command[] interval# timeout# retries# startPeriod#',
  SystemControl: 'namespace value',
  ResourceRequirement: 'type value sharingStrategy:SharingStrategy',
  SharingStrategy: 'nvidiaMps:NvidiaMpsAllocation',
  NvidiaMpsAllocation: 'memory# maxComputePercent#',
  FirelensConfiguration: 'type options{}',
  Volume: `
    name host:HostVolumeProperties dockerVolumeConfiguration:DockerVolumeConfiguration
    efsVolumeConfiguration:EFSVolumeConfiguration s3filesVolumeConfiguration:S3FilesVolumeConfiguration
    fsxWindowsFileServerVolumeConfiguration:FSxWindowsFileServerVolumeConfiguration configuredAtLaunch?`,
  HostVolumeProperties: 'sourcePath',
  DockerVolumeConfiguration: 'scope autoprovision? driver driverOpts{} labels{}',
  EFSVolumeConfiguration: `
    fileSystemId rootDirectory transitEncryption transitEncryptionPort#
    authorizationConfig:EFSAuthorizationConfig`,
  EFSAuthorizationConfig: 'accessPointId iam',
  S3FilesVolumeConfiguration: 'fileSystemArn rootDirectory transitEncryptionPort# accessPointArn',
  FSxWindowsFileServerVolumeConfiguration:
    'fileSystemId rootDirectory authorizationConfig:FSxWindowsFileServerAuthorizationConfig',
  FSxWindowsFileServerAuthorizationConfig: 'credentialsParameter domain',
  TaskDefinitionPlacementConstraint: 'type expression',
  Tag: 'key value',
  ProxyConfiguration: 'containerName type properties[]:KeyValuePair',
  InferenceAccelerator: 'deviceName deviceType',
  EphemeralStorage: 'sizeInGiB#',
  RuntimePlatform: 'cpuArchitecture operatingSystemFamily',
} as const;

const SHAPES = { ...KNOWN_MEMBERS, ...KNOWN_UPDATE_MEMBERS };

export type ShapeName = keyof typeof SHAPES;

export type MemberKind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'texts'
  | 'any'
  | { readonly list: MemberKind }
  | { readonly shape: ShapeName };

const read = new Map<ShapeName, ReadonlyMap<string, MemberKind>>();

/** The members of one shape, by name. */
export function membersOfShape(shape: ShapeName): ReadonlyMap<string, MemberKind> {
  const known = read.get(shape) ?? new Map(SHAPES[shape].trim().split(/\s+/).map(memberOf));
  read.set(shape, known);
  return known;
}

function memberOf(text: string): readonly [string, MemberKind] {
  const [, name = '', mark = ''] = /^(\w+)(.*)$/.exec(text) ?? [];
  return [name, kindOf(mark)];
}

function kindOf(mark: string): MemberKind {
  if (mark.startsWith('[]')) return { list: kindOf(mark.slice(2)) };
  if (mark.startsWith(':')) return { shape: mark.slice(1) as ShapeName }; // the test holds every name to a line above
  if (mark === '*') return 'any';
  return mark === '#' ? 'number' : mark === '?' ? 'boolean' : mark === '{}' ? 'texts' : 'text';
}
