/** What to think of a stopped task. `noise` and `transient` never end a deployment by themselves. */
export type Certainty = 'certain' | 'likely' | 'transient' | 'noise' | 'outside';

/** One kind of stop: matched by the members that it names, first match wins. */
export interface CauseClass {
  readonly name: string;
  readonly certainty: Certainty;
  /** Stopped tasks of one fingerprint after which waiting is pointless; `undefined` for never. */
  readonly failAt: number | undefined;
  readonly stopCode?: string;
  readonly exitCode?: number;
  /** Looked for in the stopped reason and in the container's reason. */
  readonly text?: RegExp;
  readonly advice: string;
}

/**
 * Stop codes and texts from "Amazon ECS stopped task error messages"; the classes are deploying-to-ecs §3.4's.
 */
export const CAUSE_CLASSES: readonly CauseClass[] = [
  {
    name: 'scaling',
    certainty: 'noise',
    failAt: undefined,
    stopCode: 'ServiceSchedulerInitiated',
    text: /^Scaling activity initiated by/,
    advice: 'The service scheduler stopped the task to scale or to replace it; nothing to mend.',
  },
  {
    name: 'interrupted',
    certainty: 'transient',
    failAt: undefined,
    text: /SpotInterruption|TerminationNotice|InfrastructureHealth|Host EC2|underlying (host|hardware)|spot/i,
    advice: 'AWS took the capacity away; ECS starts the task again elsewhere.',
  },
  {
    name: 'no-capacity',
    certainty: 'transient',
    failAt: undefined,
    text: /unable to place|capacity is unavailable|insufficient capacity/i,
    advice: 'There is no room for the task now; ECS keeps trying until the time limit.',
  },
  {
    name: 'stopped-by-person',
    certainty: 'outside',
    failAt: undefined,
    stopCode: 'UserInitiated',
    advice: 'A person or another program stopped the task; find out who in CloudTrail (StopTask).',
  },
  {
    name: 'wrong-platform',
    certainty: 'certain',
    failAt: 2,
    text: /does not contain descriptor matching platform|no matching manifest|exec format error/i,
    advice: "Build the image for the platform in the task definition's runtimePlatform.",
  },
  {
    name: 'image-pull-refused',
    certainty: 'certain',
    failAt: 2,
    text: /CannotPullContainerError.*(not found|manifest unknown|does not exist|denied|not authorized|forbidden|401|403|404)/is,
    advice:
      'Check that the digest is still in the repository and that the execution role may pull from it (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer).',
  },
  {
    name: 'image-pull-failed',
    certainty: 'likely',
    failAt: 3,
    text: /CannotPull(ImageManifest|Container)?Error|CannotPullContainer/i,
    advice: "Check the subnets' way to ECR and S3: NAT, or the endpoints ecr.api, ecr.dkr and s3.",
  },
  {
    name: 'secret-refused',
    certainty: 'certain',
    failAt: 2,
    text: /ResourceInitializationError.*(AccessDenied|not authorized|ResourceNotFound|does not exist|can.?t find)/is,
    advice:
      'Check that each secret in the task definition exists and that the execution role may read it and use its key.',
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
    name: 'out-of-memory',
    certainty: 'certain',
    failAt: 2,
    text: /OutOfMemory/i,
    advice: "The container used more memory than it may: raise the container's memory or use less at start.",
  },
  {
    name: 'target-unhealthy',
    certainty: 'certain',
    failAt: 2,
    text: /failed ELB health checks|failed load balancer health checks/i,
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
    name: 'command-not-started',
    certainty: 'certain',
    failAt: 2,
    text: /CannotStartContainerError|executable file not found|no such file or directory|permission denied/i,
    advice: "The image's command cannot be started: check ENTRYPOINT and CMD, the file's path and its mode.",
  },
  {
    name: 'crash',
    certainty: 'certain',
    failAt: 2,
    stopCode: 'EssentialContainerExited',
    advice:
      "The service's process ends soon after it starts. Its last log lines say why: mend that, and deliver again.",
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
