import { failure } from '@tenant-delivery/action-kit/failure';
import { STRATEGIES } from '@tenant-delivery/deployment/strategies/strategies';

const SUPPORTED = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(
  STRATEGIES.map(({ name }) => name),
);

export const failures = {
  clusterNotActive: failure(
    'CLUSTER_NOT_ACTIVE',
    (cluster: string, status: string | undefined) =>
      status === undefined
        ? `There is no cluster ${cluster} in this account and region.`
        : `The cluster ${cluster} is ${status}, not ACTIVE.`,
    'Check account, region and cluster: the contract names it, or `cluster` if there is no contract. A deploy never creates a cluster.',
  ),
  serviceNotActive: failure(
    'SERVICE_NOT_ACTIVE',
    (service: string, cluster: string, status: string | undefined) =>
      status === undefined
        ? `There is no service ${service} in the cluster ${cluster}.`
        : `The service ${service} in ${cluster} is ${status}, not ACTIVE.`,
    'Correct the name in the contract or in `service`, or have the service provisioned. A deploy never creates a service.',
  ),
  serviceUnsupported: failure(
    'SERVICE_UNSUPPORTED',
    (service: string, what: string) => `The service ${service} ${what}; that is not supported yet.`,
    `Only services that ECS itself deploys (controller ECS, strategy ${SUPPORTED}) can be delivered. Change the service, or deliver it by other means; a service that CodeDeploy deploys moves to ECS with the commands of docs/moving-from-codedeploy.md.`,
  ),
  serviceWithoutTasks: failure(
    'SERVICE_WITHOUT_TASKS',
    (service: string) =>
      `The service ${service} has a desired count of 0. No task runs, so nothing could show that a deployment is good.`,
    'Raise the desired count, or the minimum of auto scaling, and deliver again once a task runs. A service that should stay at 0 gets its next version when it is started again.',
  ),
  familyMismatch: failure(
    'TASK_DEFINITION_FAMILY_MISMATCH',
    (service: string, runs: string, agreed: string) =>
      `The service ${service} runs a task definition of the family ${runs}; the contract agrees on ${agreed}.`,
    'Find out who changed the service. The provider corrects the service, or the family in the contract.',
  ),
  containerNotFound: failure(
    'CONTAINER_NOT_FOUND',
    (container: string, taskDefinition: string, names: readonly string[], near: string | undefined) =>
      `The task definition ${taskDefinition} has no container ${container}; it has ${names.join(', ')}${near ? `. Did you mean ${near}?` : ''}`,
    'Correct `container.name` in the manifest: it names the container that the image goes into.',
  ),
  portNotMapped: failure(
    'PORT_NOT_MAPPED',
    (container: string, port: number, mapped: readonly number[]) =>
      `The container ${container} does not map the port ${port} that the manifest names; it maps ${mapped.join(', ') || 'none'}.`,
    'Correct `container.port` in the manifest, or ask the provider to change the task definition.',
  ),
  imageAbsent: failure(
    'IMAGE_ABSENT',
    (repository: string, digest: string) =>
      `The registry of this account holds no ${digest} in ${repository}.`,
    "Deliver again, so that the image is built and pushed. Look at the repository's lifecycle policy: a rule that expires images by count (imageCountMoreThan) or by age (sinceImagePushed) must keep those of the last verified deliveries.",
  ),
  imageForeign: failure(
    'IMAGE_FOREIGN',
    (image: string, why: string) => `The image ${image} ${why}.`,
    'Start a new delivery; build-and-scan-image records the image that this account built and pushed.',
  ),
  platformMismatch: failure(
    'IMAGE_PLATFORM_MISMATCH',
    (image: string, has: readonly string[], wants: string) =>
      `The image ${image} is for ${has.join(', ') || 'no platform'}; the service runs tasks on ${wants}.`,
    "Build for the service's platform with the input `platform`, or have the provider change the task definition's runtimePlatform.",
  ),
  verdictUnusable: failure(
    'VERDICT_UNUSABLE',
    (why: string) => `The verdict on the image cannot be used: ${why}.`,
    'Start a new delivery; the gate judges the image again and records a fresh verdict.',
  ),
  deploymentInProgress: failure(
    'DEPLOYMENT_IN_PROGRESS',
    (service: string, rollout: string) => `Another deployment of ${service} is in progress (${rollout}).`,
    'Wait until it has ended, then run again. If nobody knows about it, first find out who started it.',
  ),
  serviceNotSteady: failure(
    'SERVICE_NOT_STEADY',
    (service: string, why: string) =>
      `${service} already runs this image, so there is nothing to deploy, but it is not healthy: ${why}.`,
    "Read the service's events and look at the tasks that stopped. Deploying the same image again would not fix it.",
  ),
  requestInvalid: failure(
    'DEPLOY_REQUEST_INVALID',
    (mistakes: readonly string[]) => ({
      message: `This request cannot be deployed: ${mistakes.join('; ')}`,
      details: mistakes,
    }),
    'Correct the inputs, or the file, that the lines name. Nothing was registered, and the service was not touched.',
  ),
  requestOutsideContract: failure(
    'REQUEST_OUTSIDE_CONTRACT',
    (mistakes: readonly string[]) => ({
      message: `The contract does not let a delivery change this: ${mistakes.join('; ')}`,
      details: mistakes,
    }),
    'Remove what the lines name, or ask the provider to set it. Nothing was registered, and the service was not touched.',
  ),
  planChanged: failure(
    'PLAN_CHANGED',
    (differences: readonly string[], mover?: string) => ({
      message: `A deploy would now do something else than was approved${mover ? `, because ${mover}` : ''}: ${differences.join('; ')}.`,
      details: differences,
    }),
    'Start a new run: it plans from what is there now, and that plan is approved.',
  ),
  registrationUnanswered: failure(
    'REGISTRATION_UNANSWERED',
    (family: string) =>
      `ECS gave no readable answer to the registration of a task definition of ${family}, and the family's latest revision is not the new one.`,
    'Start a new run: it registers the task definition only if it is still missing. The service was not touched.',
  ),
  updateUnanswered: failure(
    'UPDATE_UNANSWERED',
    (service: string, runs: string) =>
      `The connection ended while ${service} was being updated, and the service still runs ${runs}.`,
    'Look at what the service runs, then start a new run: it updates the service only if it is still missing.',
  ),
  deploymentNotFound: failure(
    'DEPLOYMENT_NOT_FOUND',
    (service: string, rollout: string) =>
      `${service} was updated (${rollout}), but ECS lists no service deployment for it after 60 seconds.`,
    'Look at the deployments of the service; the update has begun. Start a new run when it has ended: what is there already is not sent again.',
  ),
  resumeRefused: failure(
    'RESUME_REFUSED',
    (hook: string, said: string) => `The pause ${hook} could not be answered: ${said}.`,
    'Look at the deployment in the console: whether it waits at this pause, and who may end it. The action names the pause in its output `hook`.',
  ),
};

/** Reason codes of outcomes; each has its page beside the failures. */
export const REASON_OF = {
  deployed: 'OK',
  unchanged: 'OK',
  'rolled-back': 'DEPLOYMENT_ROLLED_BACK',
  'rollback-failed': 'ROLLBACK_FAILED',
  failed: 'DEPLOYMENT_FAILED',
  superseded: 'DEPLOYMENT_SUPERSEDED',
  'timed-out': 'DEPLOYMENT_TIMED_OUT',
  cancelled: 'DEPLOYMENT_CANCELLED',
  paused: 'DEPLOYMENT_PAUSED',
  started: 'OK',
} as const;
