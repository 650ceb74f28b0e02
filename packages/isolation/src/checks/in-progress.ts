import type { ServiceDeploymentBrief } from '@tenant-delivery/deployment/observed';
import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { fail, pass, unknown } from '../verdict.ts';

export interface ObservedProgress {
  readonly ifInProgress: 'wait' | 'fail' | 'replace' | 'attach';
  /** Of the service's PRIMARY; ECS leaves the state out for some strategies. */
  readonly primary: { readonly id: string; readonly rolloutState: string | undefined };
  /** Service deployments since the PRIMARY was made. */
  readonly deployments: Seen<readonly ServiceDeploymentBrief[]>;
}

const GOES_ON = /^(PENDING|IN_PROGRESS|STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/;

export function judgeProgress({ ifInProgress, primary, deployments }: ObservedProgress): Verdict {
  const listed = deployments.kind === 'seen' ? deployments.value : [];
  const going = listed.find(({ status }) => GOES_ON.test(status));
  const what = going
    ? `${going.arn} is ${going.status}`
    : primary.rolloutState === 'IN_PROGRESS'
      ? `${primary.id} is IN_PROGRESS`
      : undefined;
  if (what === undefined) {
    return primary.rolloutState === undefined && deployments.kind === 'unseen'
      ? unknown(`not seen: ${deployments.why}`)
      : pass('no deployment is in progress');
  }
  return ifInProgress === 'fail'
    ? fail(
        what,
        'Wait until it has ended, then run again. If nobody knows about it, find out who started it.',
      )
    : pass(`${what}; the request says ${ifInProgress}`);
}
