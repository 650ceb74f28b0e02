import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Drift, StackReader } from '@tenant-delivery/provisioning/ports';

const POLL = 5_000; // milliseconds

/** What differs from the template of a stack, as far as CloudFormation could compare it, or why nobody knows. */
export async function detectDrift(
  { clock, runner }: { readonly clock: Clock; readonly runner: Pick<Runner, 'cancelled'> },
  stacks: StackReader,
  stack: string,
  deadline: number,
): Promise<Drift | string> {
  const detection = await stacks.detectDrift(stack);
  for (;;) {
    const drift = await stacks.drift(stack, detection);
    if (drift) return drift;
    if (runner.cancelled.aborted || clock.now() >= deadline)
      return `the comparison of ${stack} has not ended in time`;
    await clock.sleep(POLL, runner.cancelled);
  }
}

/** Why CloudFormation could not compare all of a stack. What it did find is still certain. */
export function whyIncomplete(stack: string, { status, reason }: Drift): string | undefined {
  return status === 'failed'
    ? `CloudFormation could not compare all of ${stack}: ${reason ?? 'no reason given'}`
    : undefined;
}
