import { describeMistake, type Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinition } from '@tenant-delivery/deployment/observed';
import type { DeployRequest } from '@tenant-delivery/deployment/plan/deploy-request';
import { updateRefusedByEcs } from '@tenant-delivery/deployment/plan/refused-update';
import { type ServiceChanges, serviceChanges } from '@tenant-delivery/deployment/plan/service-update';
import { updateAgainstScaling, updateMistakes } from '@tenant-delivery/deployment/plan/update-mistakes';
import {
  type WantedTaskDefinition,
  wantedTaskDefinition,
} from '@tenant-delivery/deployment/plan/wanted-task-definition';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { partitionOf } from '@tenant-delivery/domain';
import type { PlanPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { ObservedService } from './observe-service.ts';

/** What is there and what is to be: all that registering and updating need to know. */
export interface Deployment extends ObservedService {
  readonly asked: DeployRequest;
  readonly wanted: WantedTaskDefinition;
  readonly update: ServiceChanges;
  readonly tags: Tags;
}

/** What a deploy does about an image by its tag: it is refused, or what could not be resolved is left to ECS. */
export type Tags = 'refused' | 'left to ECS';

/** What was done about tags before, and what was wrong with them. */
interface Resolved {
  readonly tags: Tags;
  readonly mistakes: readonly Mistake[];
}

const REFUSED: Resolved = { tags: 'refused', mistakes: [] };

/** Applies what is asked to what is there, or throws DEPLOY_REQUEST_INVALID with everything that is wrong with it. */
export async function deploymentFor(
  world: Pick<PlanPorts, 'services' | 'scaling'>,
  ref: ServiceRef,
  seen: ObservedService,
  asked: DeployRequest,
  { tags, mistakes: inTags }: Resolved = REFUSED,
): Promise<Deployment> {
  const { names, target } = ref;
  const counted = asked.update['desiredCount'] !== undefined;
  const [result, range] = await Promise.all([
    wantedFrom(world, ref, seen.current, asked, tags),
    counted ? world.scaling.range(names.cluster, target.service) : undefined,
  ]);
  const mistakes = [
    ...inTags,
    ...('mistakes' in result ? result.mistakes : []),
    ...[
      ...updateMistakes(asked.update, asked.allowUnknown),
      ...updateRefusedByEcs(asked.update, seen.service),
      ...updateAgainstScaling(asked.update, range !== undefined),
    ].map(({ path, problem }) => ({ path: `update.${path}`, problem })),
  ];
  if ('mistakes' in result || mistakes.length > 0) throw failures.requestInvalid(said(mistakes));
  const update = serviceChanges(asked.update, seen.service);
  return { ...seen, asked, wanted: result.wanted, update, tags };
}

/** What a request makes of a revision, whatever the service runs by now. */
export async function wantedFrom(
  { services }: Pick<PlanPorts, 'services'>,
  { target }: ServiceRef,
  current: TaskDefinition,
  asked: DeployRequest,
  tags: Tags = 'refused',
): Promise<ReturnType<typeof wantedTaskDefinition>> {
  const revision =
    asked.source.kind === 'revision' ? await services.taskDefinition(asked.source.arn) : undefined;
  const { account, region } = target;
  return wantedTaskDefinition(asked, { current, revision, account, partition: partitionOf(region), tags });
}

const INPUT_OF: Readonly<Record<string, string>> = {
  'source.document': 'task-definition',
  'source.arn': 'revision',
  environment: 'environment-variables',
  patch: 'task-definition-patch',
  update: 'service-update',
  allowUnknown: 'allow-unknown',
};

/** Mistakes of a request by the inputs that its reader wrote. */
export function said(mistakes: readonly Mistake[]): readonly string[] {
  return mistakes.map(({ path, problem }) => {
    const part = Object.keys(INPUT_OF).find((each) => path === each || path.startsWith(`${each}.`));
    const place = part === undefined ? path : `${INPUT_OF[part]}${path.slice(part.length)}`;
    return describeMistake({ path: place, problem });
  });
}
