import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Digest } from '@tenant-delivery/domain';
import type { ImageChild } from './finding.ts';
import type { InspectedChild } from './inspected-child.ts';
import type { Inspections, ScanMode, StoredImage } from './ports.ts';
import { judgeLook, type Look, type ScanState, type Seen, uncovered } from './scan-state.ts';

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
  const { pushedAt } = stored;
  const asking = { inspections, repositoryName, mode, pushedAt };
  return Promise.all(stored.children.map((child) => follow(asking, child, options)));
}

/** Who is asked about each child of an image. */
interface Asking {
  readonly inspections: Inspections;
  readonly repositoryName: string;
  readonly mode: ScanMode;
  /** Of the image, for a child that does not say its own. Epoch milliseconds. */
  readonly pushedAt: number;
}

async function follow(asking: Asking, child: ImageChild, options: AwaitOptions): Promise<InspectedChild> {
  const { platform, digest } = child;
  const { clock, deadline, signal, log, random = Math.random } = options;
  const never = child.refused ?? uncovered(asking.mode);
  if (never !== undefined) return { platform, digest, scan: 'NOT_ASKED', findings: [], unproven: never };
  const start = starting(asking, digest);
  let seen: Seen | undefined;
  let said = '';
  for (let next = FIRST_WAIT; ; next = Math.min(next * GROWTH, LONGEST_WAIT)) {
    const { look, inspected } = await lookAt(asking, child, clock);
    const judged = judgeLook(look, seen);
    seen = judged.seen;
    const state = judged.state.kind === 'start' ? await start(judged.state.why) : judged.state;
    if (state.kind === 'evidence') return inspected;
    if (state.kind === 'no-evidence') {
      return { ...inspected, unproven: state.why, ...(state.unscannable && { unscannable: true }) };
    }
    if (signal?.aborted) return { ...inspected, unproven: `the wait was cancelled while ${state.why}` };
    if (look.at >= deadline) return { ...inspected, unproven: `time ran out while ${state.why}`, late: true };
    if (state.why !== said) log?.(`${platform}: waiting, ${state.why}`);
    said = state.why;
    const jittered = Math.round(next * (1 - JITTER + 2 * JITTER * random()));
    const wait = Math.min(state.again ?? jittered, LONGEST_WAIT);
    await clock.sleep(Math.min(wait, deadline - look.at), signal);
  }
}

/** One look at one child: what is judged, and what is told of it. */
async function lookAt(
  { inspections, repositoryName, mode, pushedAt }: Asking,
  child: ImageChild,
  clock: Clock,
): Promise<{ readonly look: Look; readonly inspected: InspectedChild }> {
  const { platform, digest } = child;
  const [{ reply, findings }, coverage] = await Promise.all([
    inspections.inspect(repositoryName, child),
    mode.type === 'enhanced' ? inspections.coverage?.(repositoryName, digest) : undefined,
  ]);
  const at = clock.now();
  const { status, completedAt, sourceUpdatedAt } = reply;
  return {
    look: { mode, reply, pushedAt: child.pushedAt ?? pushedAt, at, ...(coverage && { coverage }) },
    inspected: {
      platform,
      digest,
      scan: status,
      findings,
      seen: {
        by: mode.type,
        at,
        ...(completedAt !== undefined && { completedAt }),
        ...(sourceUpdatedAt !== undefined && { sourceUpdatedAt }),
      },
    },
  };
}

/** Asks for an inspection that was never made, once. Where that cannot be, there will be no evidence. */
function starting({ inspections, repositoryName }: Asking, digest: Digest) {
  let asked: ReturnType<NonNullable<Inspections['start']>> | undefined;
  return async (why: string): Promise<Exclude<ScanState, { readonly kind: 'start' }>> => {
    if (inspections.start === undefined)
      return { kind: 'no-evidence', why: `${why}, and what only reads does not ask it to` };
    asked ??= inspections.start(repositoryName, digest);
    return (await asked) === 'unsupported'
      ? { kind: 'no-evidence', why: 'the registry cannot inspect this kind of image', unscannable: true }
      : { kind: 'wait', why };
  };
}
