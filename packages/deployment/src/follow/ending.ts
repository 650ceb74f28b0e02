import { type Cause, causesOf, sayCause } from '../cause/causes.ts';
import type { LifecycleHook } from '../observed.ts';
import { eventWords, utcOf } from '../plain-names.ts';
import type { DeployOutcome, Followed } from './deployment-report.ts';
import type { Judgement, Observation } from './judge.ts';

/** How a followed deployment ended, with the last look at it. */
export interface Ending {
  readonly outcome: Exclude<DeployOutcome, 'unchanged' | 'started'>;
  readonly why: string;
  /** Whether ECS says that the previous version serves again. */
  readonly rolledBack: boolean;
  /** `undefined` when the run was cancelled before anything was seen. */
  readonly last: Observation | undefined;
  /** The pause that it waits at. */
  readonly pause?: LifecycleHook;
  /** What the report keeps of the way there. `follow` adds it. */
  readonly followed?: Followed;
}

/** Why a deployment will not end well, once that is known. */
export interface Trouble {
  readonly outcome: 'failed' | 'timed-out';
  readonly why: string;
  /** The cause that `why` tells of: more tasks may end of it until the deployment has landed. */
  readonly cause?: Cause | undefined;
  /** ECS turned it by itself, or by somebody else's word: its last reason says more than its first. */
  readonly turned?: boolean;
  /** ECS's words when it would not roll back. */
  readonly refused?: string;
  /** How often ECS was asked to roll back without an answer that could be read. */
  readonly unanswered?: number;
}

/** The end that a judgement is, or `undefined` while there is something to wait for. */
export function endingOf(
  judgement: Judgement,
  known: Trouble | undefined,
  last: Observation,
): Ending | undefined {
  const trouble = known && { ...known, why: whyByNow(known, last) };
  const end = (outcome: Ending['outcome'], why: string, rolledBack = false): Ending => ({
    outcome,
    why,
    rolledBack,
    last,
  });
  switch (judgement.kind) {
    case 'deployed':
      return end(
        'deployed',
        trouble ? `it became well after all: ${trouble.why}` : 'ECS calls it SUCCESSFUL',
      );
    case 'rolled-back': {
      const why = `${knownWhy(trouble) ?? withCause(judgement.reason, last)}; the previous version serves again`;
      return end(trouble?.outcome === 'timed-out' ? 'timed-out' : 'rolled-back', why, true);
    }
    case 'rollback-failed':
      return end(
        'rollback-failed',
        knownWhy(trouble) !== undefined
          ? `${knownWhy(trouble)}; going back failed: ${judgement.reason}`
          : withCause(judgement.reason, last),
      );
    case 'superseded':
      return end('superseded', judgement.reason);
    case 'stopped':
      return end(trouble?.outcome ?? 'failed', trouble?.why ?? withCause(judgement.reason, last));
    case 'rolling-back':
      return undefined;
    case 'paused':
      // Not a failure, and no step's to wait for: a person or a later job says how to go on.
      if (!trouble) return { ...end('paused', sayPause(judgement.hook, last)), pause: judgement.hook };
      break;
    default:
  }
  return trouble?.refused === undefined
    ? undefined
    : end(trouble.outcome, `${trouble.why}; ECS would not roll it back: ${trouble.refused}`);
}

/** The trouble that a look shows for the first time. */
export function troubleIn(judgement: Judgement, last: Observation, late: boolean): Trouble | undefined {
  switch (judgement.kind) {
    case 'rolling-back':
      return { outcome: 'failed', why: withCause(judgement.reason, last), turned: true };
    case 'doomed':
      return { outcome: 'failed', why: judgement.why, cause: judgement.cause };
    default: {
      const [cause] = causesOf(last.stopped, last.essential);
      return late
        ? { outcome: 'timed-out', why: `the time limit is over (${inTheWay(last)})`, cause }
        : undefined;
    }
  }
}

/** Why it went wrong, with as many tasks as the last look has shown: a report tells one number. */
export function whyByNow({ why, cause }: Trouble, { stopped, essential }: Observation): string {
  const now =
    cause && causesOf(stopped, essential).find(({ fingerprint }) => fingerprint === cause.fingerprint);
  return now ? why.replace(sayCause(cause), () => sayCause(now)) : why;
}

function knownWhy(trouble: Trouble | undefined): string | undefined {
  return trouble?.turned === true ? undefined : trouble?.why;
}

/** ECS says that it gave up; the tasks say why. */
function withCause(reason: string, { stopped, essential }: Observation): string {
  const [cause] = causesOf(stopped, essential);
  return cause ? `${reason} (${sayCause(cause)})` : reason;
}

/** What was last seen to keep a deployment from its end: dead tasks, targets that are not healthy, ECS's own warning. */
function inTheWay({ stopped, essential, targetReasons, healthy, deployment, warned }: Observation): string {
  const [cause] = causesOf(stopped, essential);
  if (cause) return sayCause(cause);
  const { requested, running } = deployment.tasks;
  const target = [...(targetReasons?.values() ?? [])].at(-1);
  if (target !== undefined && healthy !== undefined && healthy < requested)
    return `a task is not healthy at the load balancer: ${target}`;
  return warned === undefined ? `${running} of ${requested} new tasks running` : `ECS: ${eventWords(warned)}`;
}

function sayPause({ id, expiresAt, timeoutAction }: LifecycleHook, { deployment }: Observation): string {
  const stage = deployment.stage === undefined ? '' : ` at ${deployment.stage}`;
  const until = expiresAt === undefined ? '' : ` until ${utcOf(expiresAt)}`;
  return `ECS waits${stage} at the pause ${id}${until}${thenWhat(timeoutAction)}`;
}

/** What ECS does about a pause that nobody has answered. */
export function thenWhat(timeoutAction: string | null | undefined): string {
  if (timeoutAction === undefined || timeoutAction === null) return '';
  if (timeoutAction === 'ROLLBACK') return '; then it rolls back';
  return timeoutAction === 'CONTINUE' ? '; then it goes on' : `; then it does ${timeoutAction}`;
}
