import type { Outcome } from '@tenant-delivery/action-kit/main';
import { refusingVault } from '@tenant-delivery/rotation/dry-run';
import { reportEnd, reportPlan } from '@tenant-delivery/rotation/outcome';
import type { AgreedInputs } from './inputs.ts';
import type { RotateWorld } from './rotate-world.ts';

/** Goes as far as it may, or says what it would do. */
export async function go(
  { mode, credential }: Pick<AgreedInputs, 'mode' | 'credential'>,
  world: RotateWorld,
): Promise<Outcome> {
  const { runner, vault, time, sleep, clean, process, rotatable, recorder } = world;
  const { runId, runAttempt, actor, sha } = runner.context;
  if (mode === 'dry-run') {
    const plan = await rotatable.plan({ vault: refusingVault(vault), time });
    return ended(runner, reportPlan(credential, plan, time.now()));
  }
  const end = await rotatable.rotate({
    vault,
    time,
    sleep,
    by: { run: runId, attempt: runAttempt, actor, commit: sha, process },
    clean,
    ...(recorder && { recorder }),
    cancelled: runner.cancelled,
    tell: (line) => runner.verbatim([line]),
  });
  return ended(runner, reportEnd(credential, end));
}

function ended(
  runner: RotateWorld['runner'],
  { nextEligibleAt, ...outcome }: Outcome & { readonly nextEligibleAt: string },
): Outcome {
  runner.output('next-eligible-at', nextEligibleAt);
  return outcome;
}
