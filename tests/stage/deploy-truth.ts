import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Image } from '@tenant-delivery/domain';
import type { ServiceState } from '@tenant-delivery/local-aws/ecs/state';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { ORDERS } from './acme.ts';
import type { Deployed, VirtualStage } from './virtual-stage.ts';

/** What the simulator itself says: no client, no wire. */
export interface Truth {
  readonly service: ServiceState;
  /** The task definition that the PRIMARY deployment runs. */
  readonly runs: string;
  /** Healthy tasks of it. */
  readonly healthy: number;
}

export function truthOf({ aws }: Pick<VirtualStage, 'aws'>): Truth {
  const service = ecsStore(aws.world, ORDERS.account, ORDERS.region).services['acme-prod/orders'];
  if (!service) throw new Error('the stage has no service orders');
  const revision = service.revisions.find(({ id }) => id === service.deployments[0]?.revision);
  if (!revision) throw new Error('the service has no PRIMARY deployment');
  const ours = service.tasks.filter((task) => task.revision === revision.id && task.healthy);
  return { service, runs: revision.taskDefinition, healthy: ours.length };
}

/** One of the two images of the stage: the one that the service does not run. */
export function otherImage(stage: Pick<VirtualStage, 'aws' | 'image'>): Image {
  const { service, runs } = truthOf(stage);
  const now = service.revisions.find(({ taskDefinition }) => taskDefinition === runs);
  const image = stage.image('24');
  return now?.containers[0]?.image.endsWith(image.digest) ? stage.image('24-old') : image;
}

const ALLOWED = ['cluster', 'service', 'taskDefinition'];

/**
 * Every way in which what a deploy reported is not true of the simulator, a sentence each; none when it told the
 * truth. `before` is what the service ran when the deploy began.
 */
export async function untruths(
  stage: VirtualStage,
  change: string,
  before: Truth,
  { outcome, runner, calls }: Deployed,
): Promise<readonly string[]> {
  const found: string[] = [];
  const say = (sentence: string) => void found.push(sentence);
  const now = truthOf(stage);
  const updates = calls.filter(({ operation }) => operation === 'UpdateService');
  const effects = updates.reduce((sum, call) => sum + call.effects, 0);
  if (effects > 1) say(`UpdateService took effect ${effects} times`);
  for (const { input } of updates) {
    const extra = Object.keys(input ?? {}).filter((member) => !ALLOWED.includes(member));
    if (extra.length > 0) say(`UpdateService said ${extra.join(', ')}, which nobody asked for`);
  }
  const record = await stage.delivery.find(change); // throws where the chain is broken
  if (outcome instanceof Error) {
    if (effects > 0 && record.state !== 'deploying')
      say(`the update was sent, and the record is ${record.state}`);
    return found;
  }
  if (runner.outputs['outcome'] === 'error') say('it says both an outcome and an error');
  const ours = deploymentOf(now.service, outcome.facts);
  const primary = now.service.deployments[0]?.revision;
  switch (outcome.outcome) {
    case 'deployed':
      if (ours?.status !== 'SUCCESSFUL') say(`it says deployed, ECS says ${ours?.status}`);
      if (ours?.revision !== primary) say(`it says deployed, the service runs ${now.runs}`);
      if (record.state !== 'deploying') say(`it says deployed, the record is ${record.state}`);
      break;
    case 'unchanged':
      if (now.runs !== before.runs) say(`it says unchanged, the service runs ${now.runs}`);
      break;
    case 'rolled-back':
      if (ours?.status !== 'ROLLBACK_SUCCESSFUL') say(`it says rolled back, ECS says ${ours?.status}`);
      if (now.runs !== before.runs) say(`it says rolled back, the service runs ${now.runs}`);
      if (record.state !== 'rolled-back') say(`it says rolled back, the record is ${record.state}`);
      break;
    case 'paused':
      if (!ours?.hooks.some(({ status }) => status === 'AWAITING_ACTION'))
        say('it says paused, and nothing waits for anybody');
      if (record.state !== 'deploying') say(`it says paused, the record is ${record.state}`);
      break;
    case 'superseded':
      if (ours?.revision === primary) say('it says superseded, and its own deployment is in front');
      if (record.state !== 'abandoned') say(`it says superseded, the record is ${record.state}`);
      break;
    default:
      if (outcome.ok) say(`${outcome.outcome} counts as good`);
      if (record.state === 'deploying') say(`it says ${outcome.outcome}, the record is still deploying`);
  }
  return found;
}

/** By its ARN, or, for a role that may not ask for service deployments, the newest one of the task definition. */
function deploymentOf(service: ServiceState, { serviceDeployment, taskDefinition }: Outcome['facts']) {
  if (serviceDeployment !== null) return service.history.find(({ arn }) => arn === serviceDeployment);
  return service.history.find(({ revision }) =>
    service.revisions.some((each) => each.id === revision && each.taskDefinition === taskDefinition),
  );
}

/** The service well: the PRIMARY deployment is over, and all its tasks are healthy. */
export function isWell({ service, healthy }: Truth): boolean {
  return service.deployments[0]?.rollout === 'COMPLETED' && healthy >= service.settings.desiredCount;
}
