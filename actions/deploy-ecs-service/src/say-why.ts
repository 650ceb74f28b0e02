import type { ReportedCause } from '@tenant-delivery/deployment';
import type { DeployWorld } from './deploy-world.ts';

/** The cause as a reader at 3 a.m. needs it. Reasons and lines are others' words: never taken as commands. */
export async function sayWhy({ runner }: Pick<DeployWorld, 'runner'>, cause: ReportedCause): Promise<void> {
  const exit = cause.exitCode === null ? '' : ` with exit code ${cause.exitCode}`;
  const title = `Cause: ${cause.class}, ${cause.count} stopped ${cause.count === 1 ? 'task' : 'tasks'}${exit}`;
  await runner.group(title, async () => {
    const told = [cause.stopCode, cause.stoppedReason, cause.containerReason].filter((line) => line !== null);
    runner.verbatim(told.map((line) => line.replace(/[\r\n]/g, ' ')));
    runner.info(
      cause.log.length > 0
        ? `The last lines of ${cause.container}:`
        : 'It wrote no log lines that could be found.',
    );
    runner.verbatim(cause.log.map((line) => line.replace(/[\r\n]/g, ' ')));
    runner.info(cause.advice);
  });
}
