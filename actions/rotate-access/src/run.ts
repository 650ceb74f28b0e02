import type { Outcome } from '@tenant-delivery/action-kit/main';
import { accessKeyKind } from '@tenant-delivery/rotation/access-key/kind';
import { type AccessKeyPolicy, DAY, DEFAULT_POLICY } from '@tenant-delivery/rotation/access-key/policy';
import { refusingAccessKeyWorld } from '@tenant-delivery/rotation/access-key/refusing';
import { dryRun, refusingVault } from '@tenant-delivery/rotation/dry-run';
import { rotate } from '@tenant-delivery/rotation/engine';
import type { RotateInputs } from './inputs.ts';
import { reportEnd, reportPlan } from './report.ts';
import type { RotateWorld } from './rotate-world.ts';

/** Goes as far as it may, or says what it would do. */
export async function run(given: RotateInputs, world: RotateWorld): Promise<Outcome> {
  const { runner, vault, time, sleep, clean, process, keys } = world;
  const policy = policyOf(given);
  const { runId, runAttempt, actor, sha } = runner.context;
  if (given.mode === 'dry-run') {
    const kind = accessKeyKind(refusingAccessKeyWorld(keys), policy, { time, sleep, process });
    const plan = await dryRun(given.credential, kind, { vault: refusingVault(vault), time });
    return ended(runner, reportPlan(given.credential, plan, time.now()));
  }
  const kind = accessKeyKind(keys, policy, { time, sleep, process });
  const by = { run: runId, attempt: runAttempt, actor, commit: sha, process };
  const end = await rotate(given.credential, kind, {
    vault,
    time,
    sleep,
    by,
    clean,
    cancelled: runner.cancelled,
    tell: (line) => runner.verbatim([line]),
  });
  return ended(runner, reportEnd(given.credential, end));
}

function ended(
  runner: RotateWorld['runner'],
  { nextEligibleAt, ...outcome }: Outcome & { readonly nextEligibleAt: string },
): Outcome {
  runner.output('next-eligible-at', nextEligibleAt);
  return outcome;
}

function policyOf(given: RotateInputs): AccessKeyPolicy {
  return {
    ...DEFAULT_POLICY,
    maxAge: given['max-age-days'] * DAY,
    grace: given['grace-days'] * DAY,
    drainDeadline: given['drain-days'] * DAY,
    wish: given.wish,
    bootstrap: given.bootstrap === 'yes',
    adopt: given.adopt,
    resolve: given.resolve,
  };
}
