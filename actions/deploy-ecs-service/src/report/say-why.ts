import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ReportedCause } from '@tenant-delivery/deployment/follow/deployment-report';
import { TARGET_NEVER_HEALTHY } from '@tenant-delivery/deployment/follow/explain';

/** The cause as a reader at 3 a.m. needs it. Reasons and lines are others' words: never taken as commands. */
export async function sayWhy(runner: Runner, cause: ReportedCause): Promise<void> {
  const exit = endedBy(cause) === null ? '' : ` with exit code ${cause.exitCode}`;
  const runs = cause.class === TARGET_NEVER_HEALTHY;
  const title = `Cause: ${cause.class}, ${cause.count} ${runs ? 'running' : 'stopped'} ${cause.count === 1 ? 'task' : 'tasks'}${exit}`;
  await runner.group(title, async () => {
    const told = [
      ['task', cause.task],
      ['stop code', cause.stopCode],
      ['stopped reason', cause.stoppedReason],
      ['container reason', cause.containerReason],
      ['target', cause.target],
    ].filter(([, words], index, all) => words && all.findIndex((each) => each[1] === words) === index);
    runner.verbatim(told.map(([name, words]) => `${name}: ${words?.replace(/[\r\n]/g, ' ')}`));
  });
  const who = cause.container ?? 'the task';
  if (cause.log.length === 0) {
    // What never started has written nothing, and of what runs well nothing was asked.
    if (cause.stopCode !== 'TaskFailedToStart' && !runs) runner.info(`No log lines of ${who} were found.`);
    return;
  }
  runner.info(`The last lines of ${who}:`); // outside of the group, because GitHub's page shows groups closed
  runner.verbatim(cause.log.map((line) => `  ${line.replace(/[\r\n]/g, ' ')}`));
}

/** The exit code where it says something: a task that the scheduler stops ends by its order, with whatever code. */
export function endedBy({ stopCode, exitCode }: ReportedCause): number | null {
  return stopCode === 'ServiceSchedulerInitiated' ? null : exitCode;
}
