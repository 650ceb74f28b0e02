import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Drift, StackReader } from '@tenant-delivery/provisioning/ports';

const POLL = 5_000; // milliseconds

/** What differs from the template of a stack, or why nobody knows. */
export async function detectDrift(
  { clock, runner }: { readonly clock: Clock; readonly runner: Pick<Runner, 'cancelled'> },
  stacks: StackReader,
  stack: string,
  deadline: number,
): Promise<Drift | string> {
  const detection = await stacks.detectDrift(stack);
  for (;;) {
    const drift = await stacks.drift(stack, detection);
    if (drift?.status === 'failed')
      return `CloudFormation could not compare ${stack}: ${drift.reason ?? 'no reason given'}`;
    if (drift) return drift;
    if (runner.cancelled.aborted || clock.now() >= deadline)
      return `the comparison of ${stack} has not ended in time`;
    await clock.sleep(POLL, runner.cancelled);
  }
}
