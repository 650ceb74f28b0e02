import type { Clock } from '@tenant-delivery/action-kit';
import type { ImageChild } from './finding.ts';
import type { Inspections, StoredImage } from './ports.ts';
import { judgeScan } from './scan-state.ts';
import type { InspectedChild } from './verdict.ts';

const FIRST_WAIT = 3_000; // milliseconds
const LONGEST_WAIT = 20_000;

/**
 * Waits until each child's inspection is evidence, or will never be, or `deadline` (epoch milliseconds) has passed.
 * Children are followed side by side; each is asked for an inspection at most once.
 */
export async function awaitInspections(
  inspections: Inspections,
  repositoryName: string,
  stored: StoredImage,
  options: {
    readonly clock: Clock;
    readonly deadline: number;
    readonly signal?: AbortSignal;
    readonly log?: (line: string) => void;
  },
): Promise<readonly InspectedChild[]> {
  return Promise.all(
    stored.children.map((child) => follow(inspections, repositoryName, stored, child, options)),
  );
}

async function follow(
  inspections: Inspections,
  repositoryName: string,
  stored: StoredImage,
  child: ImageChild,
  options: Parameters<typeof awaitInspections>[3],
): Promise<InspectedChild> {
  const { clock, deadline, signal, log } = options;
  let started = false;
  let said = '';
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
    const { reply, findings } = await inspections.inspect(repositoryName, child);
    const state = judgeScan(reply, stored.pushedAt);
    const inspected = { ...child, scan: reply.status, findings };
    if (state.kind === 'evidence') return inspected;
    if (state.kind === 'no-evidence') return { ...inspected, unproven: state.why };
    if (state.kind === 'start' && !started) {
      await inspections.start(repositoryName, child.digest);
      started = true;
    }
    if (signal?.aborted) return { ...inspected, unproven: `the wait was cancelled while ${state.why}` };
    if (clock.now() + wait > deadline) return { ...inspected, unproven: `time ran out while ${state.why}` };
    if (state.why !== said) log?.(`${child.platform}: waiting, ${state.why}`);
    said = state.why;
    await clock.sleep(wait, signal);
  }
}
