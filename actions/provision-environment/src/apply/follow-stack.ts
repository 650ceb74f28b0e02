import type { StackEvent, StackReader } from '@tenant-delivery/provisioning/ports';
import type { ApplyWorld } from '../ports.ts';
import type { Applying } from './applying.ts';

const POLL = 5_000; // milliseconds between two looks at a stack

/** How an operation of a stack ended, by the events that carry the token of its request. */
export interface Ended {
  /** In CloudFormation's words; `timed-out` and `cancelled` when it goes on without us. */
  readonly status: string;
  readonly events: readonly StackEvent[];
}

/**
 * Follows an operation to its end and says each step of each resource once. The events decide, not the status of the stack:
 * that one may still be of the operation before.
 */
export async function followStack(
  { runner, clock }: Pick<ApplyWorld, 'runner' | 'clock'>,
  stacks: Pick<StackReader, 'events'>,
  stack: { readonly id: string; readonly name: string },
  { hold, deadline }: Pick<Applying, 'hold' | 'deadline'>,
  token: string,
): Promise<Ended> {
  const told = new Set<string>();
  for (;;) {
    const events = await stacks.events(stack.id, token);
    for (const event of events) if (!told.has(event.id)) tell(runner, stack.name, event);
    for (const { id } of events) told.add(id);
    const status = endIn(events, stack);
    if (status !== undefined) return { status, events };
    if (runner.cancelled.aborted) return { status: 'cancelled', events };
    if (clock.now() >= deadline) return { status: 'timed-out', events };
    await hold();
    await clock.sleep(POLL, runner.cancelled);
  }
}

/** The status with which the stack itself ended; its last event tells. */
export function endIn(
  events: readonly StackEvent[],
  stack: { readonly id: string; readonly name: string },
): string | undefined {
  const own = events.findLast(({ physicalId }) => physicalId === stack.id);
  return own && !own.status.endsWith('_IN_PROGRESS') ? own.status : undefined;
}

function tell(runner: ApplyWorld['runner'], name: string, event: StackEvent): void {
  const { logicalId, type, status, reason } = event;
  const why = reason === undefined ? '' : `: ${reason.replace(/\s+/g, ' ')}`;
  const line = `${name}: ${logicalId} (${type}) ${status}${why}`;
  if (status.endsWith('_FAILED')) runner.warning(line);
  else runner.info(line);
}

/** The first resource that failed by itself: others are only cancelled because of it. */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  const failed = events.filter(({ status }) => status.endsWith('_FAILED'));
  return failed.find(({ reason }) => !/cancelled/i.test(reason ?? '')) ?? failed[0];
}
