import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { ImageChild } from './finding.ts';
import type { Inspections, ScanMode, StoredImage } from './ports.ts';
import { judgeLook, type Seen, uncovered } from './scan-state.ts';
import type { InspectedChild } from './verdict.ts';

const FIRST_WAIT = 3_000; // milliseconds
const LONGEST_WAIT = 20_000;
const GROWTH = 1.5;
const JITTER = 0.2; // of a wait, up or down, so that many gates do not ask in step

export interface AwaitOptions {
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  /** How the registry inspects the repository; asked for where absent. */
  readonly mode?: ScanMode;
  /** 0 to 1, for the jitter of waits. */
  readonly random?: () => number;
}

/**
 * Waits until each child's inspection is evidence, or will never be, or the deadline has passed.
 * Children are followed side by side; each is asked for an inspection at most once.
 */
export async function awaitInspections(
  inspections: Inspections,
  repositoryName: string,
  stored: StoredImage,
  options: AwaitOptions,
): Promise<readonly InspectedChild[]> {
  const mode = options.mode ?? (await inspections.mode(repositoryName));
  if (mode.technology === 'CLAIR') {
    options.log?.('The registry inspects with CLAIR, which knows less than AWS_NATIVE and is going away');
  }
  return Promise.all(
    stored.children.map((child) => follow(inspections, repositoryName, stored, child, mode, options)),
  );
}

async function follow(
  inspections: Inspections,
  repositoryName: string,
  stored: StoredImage,
  child: ImageChild,
  mode: ScanMode,
  { clock, deadline, signal, log, random = Math.random }: AwaitOptions,
): Promise<InspectedChild> {
  const { platform, digest } = child;
  const never = child.refused ?? uncovered(mode);
  if (never !== undefined) return { platform, digest, scan: 'NOT_ASKED', findings: [], unproven: never };
  let started = false;
  let said = '';
  let seen: Seen | undefined;
  for (let next = FIRST_WAIT; ; next = Math.min(next * GROWTH, LONGEST_WAIT)) {
    const [{ reply, findings }, coverage] = await Promise.all([
      inspections.inspect(repositoryName, child),
      mode.type === 'enhanced' ? inspections.coverage?.(repositoryName, digest) : undefined,
    ]);
    const now = clock.now();
    const judged = judgeLook(
      { mode, reply, pushedAt: child.pushedAt ?? stored.pushedAt, at: now, ...(coverage && { coverage }) },
      seen,
    );
    const { state } = judged;
    seen = judged.seen;
    const inspected = {
      platform,
      digest,
      scan: reply.status,
      findings,
      seen: {
        by: mode.type,
        at: now,
        ...(reply.completedAt !== undefined && { completedAt: reply.completedAt }),
        ...(reply.sourceUpdatedAt !== undefined && { sourceUpdatedAt: reply.sourceUpdatedAt }),
      },
    };
    if (state.kind === 'evidence') return inspected;
    if (state.kind === 'no-evidence') {
      return { ...inspected, unproven: state.why, ...(state.unscannable && { unscannable: true }) };
    }
    if (state.kind === 'start' && inspections.start === undefined) {
      return { ...inspected, unproven: `${state.why}, and what only reads does not ask it to` };
    }
    if (state.kind === 'start' && !started) {
      started = true;
      if ((await inspections.start?.(repositoryName, digest)) === 'unsupported') {
        const why = 'the registry cannot inspect this kind of image';
        return { ...inspected, unproven: why, unscannable: true };
      }
    }
    if (signal?.aborted) return { ...inspected, unproven: `the wait was cancelled while ${state.why}` };
    if (now >= deadline) return { ...inspected, unproven: `time ran out while ${state.why}`, late: true };
    if (state.why !== said) log?.(`${platform}: waiting, ${state.why}`);
    said = state.why;
    const jittered = Math.round(next * (1 - JITTER + 2 * JITTER * random()));
    const wait = Math.min(state.kind === 'wait' ? (state.again ?? jittered) : jittered, LONGEST_WAIT);
    await clock.sleep(Math.min(wait, deadline - now), signal);
  }
}
