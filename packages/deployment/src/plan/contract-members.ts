import type { Json } from '@tenant-delivery/domain';

/**
 * What a customer's request may not change of a service that a contract covers.
 *
 * The request comes from a repository whose owner is trusted with the service's code and with nothing else. Its reviewers
 * approve what a plan shows: names, images and sizes, but no value of a variable, command or label. So a member is free if
 * the container's own code could do the same anyway, or if the plan shows it in full and it costs money at most:
 * variables, command, health check, timeouts, size. Everything that reaches further belongs to the contract:
 *
 * - who the task is (roles, credentials, which secrets are read with the execution role, which the code itself cannot);
 * - what it touches beside itself (host, volumes, namespaces, kernel, network, ports, other containers and their images);
 * - what is known of it (logs, the tags that policies look at, values that come from files outside of the record);
 * - whether a failure shows (an essential container, image versions that stay what they were).
 *
 * A hardening may be added and not taken away. A member that is in neither table is refused, so that what AWS adds is
 * decided here before anybody uses it; a test asks both tables for every member of the SDK.
 */
export const FREE = 'free';

/** Members of the task definition: free, or why not. */
export const TASK_BOUNDS: Readonly<Record<string, string>> = {
  family: 'the contract names the family of this service',
  containerDefinitions: FREE, // each container by its own table
  taskRoleArn: 'the task role is what the service may do in the account',
  executionRoleArn: 'the execution role reads secrets and pulls images for the task',
  networkMode: 'the network of the task is agreed; its wall is built for this mode',
  volumes: 'a volume reaches what is kept outside of the task: the host, or a file system that others use',
  placementConstraints: 'where tasks may run is agreed with the zones',
  requiresCompatibilities: 'what the task runs on is agreed',
  cpu: FREE,
  memory: FREE,
  tags: FREE, // judged with the tags that are kept
  pidMode: 'processes of other containers or of the host would be in reach',
  ipcMode: 'memory of other containers or of the host would be in reach',
  proxyConfiguration: 'all traffic of the task goes through its proxy',
  inferenceAccelerators: 'devices of the host are not agreed',
  ephemeralStorage: FREE,
  runtimePlatform: FREE, // the image is judged for the platform
  enableFaultInjection: 'faults of the whole task could be caused from inside',
};

/** Members of the service's own container. */
export const CONTAINER_BOUNDS: Readonly<Record<string, string>> = {
  name: FREE, // containers go by their name
  image: FREE, // must be the one that was gated
  repositoryCredentials: 'the execution role would read other credentials',
  cpu: FREE,
  memory: FREE,
  memoryReservation: FREE,
  links: 'containers are connected as agreed',
  portMappings: 'the balancer, Service Connect and security groups know the ports; a new one is agreed first',
  essential: 'a container that is not essential may fail without anybody noticing',
  restartPolicy: 'a crash that is restarted in place is counted neither by ECS nor by the deploy',
  entryPoint: FREE,
  command: FREE,
  environment: FREE,
  environmentFiles: 'the variables in a file change without a delivery; name them in the request',
  mountPoints: 'what is mounted, and whether it can be written, is agreed',
  volumesFrom: 'it would mount what belongs to another container',
  linuxParameters: 'capabilities, devices and memory of the kernel are agreed',
  secrets: FREE, // judged by where they come from
  dependsOn: 'the order of the start is agreed: what protects the service is up before it',
  startTimeout: FREE,
  stopTimeout: FREE,
  versionConsistency: 'ECS must run the version that it resolved, or tasks of one deployment could differ',
  hostname: FREE,
  user: 'the user that the service runs as is agreed',
  workingDirectory: FREE,
  disableNetworking: 'the network of the task is agreed',
  privileged: 'a privileged container is root on its host',
  readonlyRootFilesystem: 'the file system was made read-only to harden the service',
  dnsServers: FREE,
  dnsSearchDomains: FREE,
  extraHosts: FREE,
  dockerSecurityOptions: 'the security profile of the container is agreed',
  interactive: FREE,
  pseudoTerminal: FREE,
  dockerLabels: 'agents and proxies beside the container act on its labels, and a plan does not show them',
  ulimits: FREE,
  logConfiguration: 'the log is evidence, so it stays where the contract says',
  healthCheck: FREE,
  systemControls: 'settings of the kernel hold for the whole task',
  resourceRequirements: 'devices of the host are not agreed',
  firelensConfiguration: 'it would take the logs of every container',
  credentialSpecs: 'the identity of the service is agreed',
};

/** Changes that only harden, of members that are refused otherwise. */
export const HARDENING: Readonly<Record<string, Json>> = {
  privileged: false,
  readonlyRootFilesystem: true,
  versionConsistency: 'enabled',
};
