import type { CauseClass } from './cause-class.ts';

/**
 * Stop codes and texts from "Amazon ECS stopped task error messages" and the sources of the ECS agent; the classes are
 * deploying-to-ecs §3.4's. The first that matches counts, so the specific ones come before the general ones.
 */
export const CAUSE_CLASSES: readonly CauseClass[] = [
  {
    name: 'target-unhealthy',
    certainty: 'certain',
    failAt: 2,
    text: /failed (ELB|load balancer|VPC Lattice) health checks/i,
    advice:
      'The task runs but the load balancer gets no good answer: check the health check path, the port, and that the process listens on 0.0.0.0.',
  },
  {
    name: 'container-unhealthy',
    certainty: 'certain',
    failAt: 2,
    text: /failed container health checks/i,
    advice:
      "The container's own health check command fails: run it inside the container and read its output.",
  },
  {
    name: 'registry-unhealthy',
    certainty: 'certain',
    failAt: 2,
    text: /failed .{0,40}health checks/i,
    advice: 'A health check outside of the load balancer fails: find it by the stopped reason.',
  },
  {
    name: 'interrupted',
    certainty: 'transient',
    failAt: undefined,
    text: /SpotInterruption|TerminationNotice|InfrastructureHealth|Host EC2|underlying (host|hardware|infrastructure)|Spot Task was interrupted|Container instance (termination|deregistration)/i,
    advice: 'AWS took the capacity away; ECS starts the task again elsewhere.',
  },
  {
    name: 'scaling',
    certainty: 'noise',
    failAt: undefined,
    // Failed health checks are above. Anything else that the scheduler stops, it stops to scale, move or replace.
    stopCode: 'ServiceSchedulerInitiated',
    advice: 'The service scheduler stopped the task to scale or to replace it. There is nothing to fix.',
  },
  {
    name: 'scaling',
    certainty: 'noise',
    failAt: undefined,
    text: /^Scaling activity initiated by/,
    advice: 'The service scheduler stopped the task to scale or to replace it. There is nothing to fix.',
  },
  {
    name: 'stopped-by-person',
    certainty: 'outside',
    failAt: undefined,
    stopCode: 'UserInitiated',
    advice: 'A person or another program stopped the task; find out who in CloudTrail (StopTask).',
  },
  {
    name: 'no-address',
    certainty: 'likely',
    failAt: 3,
    text: /InsufficientFreeAddresses|not enough free addresses|insufficient free addresses/i,
    advice: 'The subnet has no free address for the task: free some, or give the service a larger subnet.',
  },
  {
    name: 'no-capacity',
    certainty: 'transient',
    failAt: undefined,
    text: /unable to place|capacity is unavailable|insufficient capacity|RESOURCE:(CPU|MEMORY|ENI|GPU|PORTS?)/i,
    advice: 'There is no room for the task now; ECS keeps trying until the time limit.',
  },
  {
    name: 'wrong-platform',
    certainty: 'certain',
    failAt: 2,
    text: /descriptor (matching|for) platform|no match for platform|no matching manifest|exec format error|image operating system .{0,40}cannot be used/i,
    advice: "Build the image for the platform in the task definition's runtimePlatform.",
  },
  {
    name: 'image-pull-limited',
    certainty: 'likely',
    failAt: 3,
    text: /CannotPull.{0,2000}(toomanyrequests|pull rate limit|rate exceeded|\b429\b)/is,
    advice: "The registry limits pulls: keep the image in this account's ECR, or use a pull-through cache.",
  },
  {
    name: 'image-pull-refused',
    certainty: 'certain',
    failAt: 2,
    // A status counts only next to its meaning: digests and addresses contain any three digits.
    text: /CannotPull.{0,2000}(not found|manifest unknown|does not exist|access denied|AccessDenied|not authorized|authorization failed|no basic auth|invalid reference format|\b40[134] (Unauthorized|Forbidden|Not Found))/is,
    advice:
      'Check that the digest is still in the repository and that the execution role may pull from it (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer).',
  },
  {
    name: 'disk-full',
    certainty: 'certain',
    failAt: 2,
    text: /no space left on device/i,
    advice:
      "The image or the container's files do not fit: raise the task's ephemeralStorage, or make the image smaller.",
  },
  {
    name: 'image-pull-failed',
    certainty: 'likely',
    failAt: 3,
    text: /CannotPull\w*Error|CannotPullContainer/i,
    advice: "Check the subnets' way to ECR and S3: NAT, or the endpoints ecr.api, ecr.dkr and s3.",
  },
  {
    name: 'log-refused',
    certainty: 'certain',
    failAt: 2,
    text: /(logger args|logging driver|Cloudwatch log).{0,2000}(ResourceNotFound|does not exist|AccessDenied|not authorized)/is,
    advice:
      'Create the log group that the task definition names, and let the execution role write to it (logs:CreateLogStream, logs:PutLogEvents).',
  },
  {
    name: 'log-unreachable',
    certainty: 'likely',
    failAt: 3,
    text: /failed to validate logger args|failed to initialize logging driver/i,
    advice: "Check the subnets' way to CloudWatch Logs: NAT, or the endpoint logs.",
  },
  {
    name: 'env-file-refused',
    certainty: 'certain',
    failAt: 2,
    text: /failed to download env files?.{0,2000}(AccessDenied|Forbidden|NoSuchKey|NoSuchBucket|NotFound|not found|404|403)/is,
    advice:
      'Check that each file in environmentFiles is in its bucket and that the execution role may read it (s3:GetObject, s3:GetBucketLocation).',
  },
  {
    name: 'volume-not-mounted',
    certainty: 'likely',
    failAt: 3,
    text: /EFS utils|set up EFS volumes|CannotCreateVolumeError|failed to (attach|mount).{0,80}volume|mount\.nfs4/i,
    advice:
      "Check the volume's id, path and access point, its security group (NFS, 2049) and the right to mount it.",
  },
  {
    name: 'role-not-assumed',
    certainty: 'certain',
    failAt: 2,
    text: /unable to assume the role/i,
    advice:
      'Let ecs-tasks.amazonaws.com assume the roles that the task definition names, and check their names.',
  },
  {
    name: 'registry-login-refused',
    certainty: 'certain',
    failAt: 2,
    text: /(registry auth from Amazon ECR|ecr registry auth|GetAuthorizationToken).{0,2000}(AccessDenied|not authorized)/is,
    advice: 'Allow ecr:GetAuthorizationToken to the execution role.',
  },
  {
    name: 'secret-refused',
    certainty: 'certain',
    failAt: 2,
    text: /(ResourceInitializationError|unable to (pull|retrieve) secret).{0,4000}(AccessDenied|not authorized|ResourceNotFound|does not exist|can.?t find|invalid (ssm )?parameters|ParameterNotFound|did not contain json key|marked for deletion|KMS.{0,80}(Disabled|NotFound|InvalidState))/is,
    advice:
      'Check that each secret in the task definition exists with its key and that the execution role may read it and decrypt it.',
  },
  {
    name: 'start-resources-unreachable',
    certainty: 'likely',
    failAt: 3,
    text: /ResourceInitializationError/i,
    advice:
      'The task could not reach a service that it needs to start: check VPC endpoints or NAT for secretsmanager, ssm, ecr and logs.',
  },
  {
    name: 'network-not-attached',
    certainty: 'likely',
    failAt: 3,
    text: /network interface|Timeout waiting for (network|EphemeralStorage)/i,
    advice:
      'The task got no network interface in time: check security groups, subnets and the account limit of interfaces.',
  },
  {
    name: 'out-of-memory',
    certainty: 'certain',
    failAt: 2,
    text: /OutOfMemory/i,
    advice: "The container used more memory than it may: raise the container's memory or use less at start.",
  },
  {
    name: 'command-not-started',
    certainty: 'certain',
    failAt: 2,
    text: /CannotStartContainerError|CannotCreateContainerError|executable file not found|no such file or directory|permission denied/i,
    advice: "The image's command cannot be started: check ENTRYPOINT and CMD, the file's path and its mode.",
  },
  {
    name: 'runtime-timeout',
    certainty: 'likely',
    failAt: 3,
    text: /DockerTimeoutError|ContainerRuntime(Timeout)?Error|Could not transition to|context deadline exceeded/i,
    advice:
      'The host was too slow or in trouble; ECS tries again. If it goes on, look at the size of the image and of the host.',
  },
  {
    name: 'finished',
    certainty: 'certain',
    failAt: 2,
    stopCode: 'EssentialContainerExited',
    exitCode: 0,
    advice:
      "The container's process ends and reports success, but a service's process must keep running. Check CMD and ENTRYPOINT.",
  },
  {
    name: 'killed',
    certainty: 'likely',
    failAt: 3,
    stopCode: 'EssentialContainerExited',
    exitCode: 137,
    advice:
      'The container was killed (SIGKILL) and ECS does not say why: look at its memory first, then at whatever kills processes inside of it.',
  },
  {
    name: 'crash',
    certainty: 'certain',
    failAt: 2,
    stopCode: 'EssentialContainerExited',
    advice:
      "The service's process ends soon after it starts. Its last log lines say why: fix that, and deliver again.",
  },
  {
    name: 'not-started',
    certainty: 'likely',
    failAt: 3,
    stopCode: 'TaskFailedToStart',
    advice: 'The task did not reach RUNNING: read the stopped reason.',
  },
  {
    name: 'other',
    certainty: 'likely',
    failAt: 3,
    advice: 'Read the stopped reason and the last log lines.',
  },
];
