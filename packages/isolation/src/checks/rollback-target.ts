import type { ServiceDeploymentBrief } from '@tenant-delivery/deployment/observed';
import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen, unknown } from '../verdict.ts';
import type { StoredImage } from './image.ts';

export interface ObservedRollbackTarget {
  /** Of the service's PRIMARY; ECS leaves it out for some strategies. */
  readonly rolloutState: string | undefined;
  /** Service deployments since the PRIMARY was made. */
  readonly deployments: Seen<readonly ServiceDeploymentBrief[]>;
  /** What the service runs now, and would go back to. */
  readonly current: { readonly arn: string; readonly active: boolean };
  /** Its images that are in this registry, by digest. */
  readonly images: readonly {
    readonly image: string;
    readonly stored: Seen<StoredImage | 'absent'>;
  }[];
}

const NOTHING =
  'If this deployment fails, ECS has nothing to go back to, and this action cannot bring back a version that never ran: be ready to deliver a good version.';

const OLDER =
  'If this deployment fails, ECS goes back to an older version, or to nothing if none ever completed: be ready to deliver a good version.';

/** ECS goes back to the last deployment that completed; what runs now is one if it did. */
export function judgeRollbackTarget(observed: ObservedRollbackTarget): Verdict {
  const { rolloutState, deployments, current, images } = observed;
  const succeeded =
    rolloutState === 'COMPLETED' ||
    (deployments.kind === 'seen' && deployments.value.some(({ status }) => status === 'SUCCESSFUL'));
  if (!succeeded) {
    return rolloutState === undefined && deployments.kind === 'unseen'
      ? unknown(`not seen: ${deployments.why}`)
      : fail('the deployment that runs now has not completed', OLDER);
  }
  if (!current.active) {
    return fail(
      `what runs is ${current.arn}, which was deregistered: ECS cannot go back to it`,
      'Keep the last good revision registered. If this deployment fails, deliver a good version.',
    );
  }
  const stored = images.map(({ image, stored }) =>
    seen(stored, (found) =>
      found === 'absent'
        ? fail(`${image}, which runs now, is no longer in the registry`, NOTHING)
        : pass(current.arn),
    ),
  );
  return combined(stored, current.arn);
}
