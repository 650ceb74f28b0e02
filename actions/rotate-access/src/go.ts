import type { Outcome } from '@tenant-delivery/action-kit/main';
import { accessKeyKind } from '@tenant-delivery/rotation/access-key/kind';
import type { AccessKeyPolicy } from '@tenant-delivery/rotation/access-key/policy';
import { refusingAccessKeyWorld } from '@tenant-delivery/rotation/access-key/refusing';
import { dryRun, refusingVault } from '@tenant-delivery/rotation/dry-run';
import { rotate } from '@tenant-delivery/rotation/engine';
import type { AgreedInputs } from './inputs.ts';
import { reportEnd, reportPlan } from './report.ts';
import type { RotateWorld } from './rotate-world.ts';

/** What whoever starts a run may ask for, with a contract and without. */
export type Asked = Pick<AgreedInputs, 'mode' | 'credential' | 'wish' | 'bootstrap' | 'adopt' | 'resolve'>;

/** Goes as far as it may, or says what it would do. */
export async function go(asked: Asked, agreed: AccessKeyPolicy, world: RotateWorld): Promise<Outcome> {
  const { runner, vault, time, sleep, clean, process, keys } = world;
  const policy = {
    ...agreed,
    wish: asked.wish,
    bootstrap: asked.bootstrap === 'yes',
    adopt: asked.adopt,
    resolve: asked.resolve,
  };
  const { runId, runAttempt, actor, sha } = runner.context;
  if (asked.mode === 'dry-run') {
    const kind = accessKeyKind(refusingAccessKeyWorld(keys), policy, { time, sleep, process });
    const plan = await dryRun(asked.credential, kind, { vault: refusingVault(vault), time });
    return ended(runner, reportPlan(asked.credential, plan, time.now()));
  }
  const kind = accessKeyKind(keys, policy, { time, sleep, process });
  const by = { run: runId, attempt: runAttempt, actor, commit: sha, process };
  const end = await rotate(asked.credential, kind, {
    vault,
    time,
    sleep,
    by,
    clean,
    cancelled: runner.cancelled,
    tell: (line) => runner.verbatim([line]),
  });
  return ended(runner, reportEnd(asked.credential, end));
}

function ended(
  runner: RotateWorld['runner'],
  { nextEligibleAt, ...outcome }: Outcome & { readonly nextEligibleAt: string },
): Outcome {
  runner.output('next-eligible-at', nextEligibleAt);
  return outcome;
}
