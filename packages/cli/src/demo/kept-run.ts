import { type RunResult, runWorkflow } from '@tenant-delivery/local-github';
import { showRun } from '../terminal/show-run.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A run that is over, with the names that GitHub shows it by. */
export interface KeptRun {
  readonly workflow: string;
  readonly title: string;
  readonly result: RunResult;
}

/** Runs a workflow, shows it in the terminal as it goes, and keeps how it ended. */
export async function playAndKeep(
  { terminal, runs }: { readonly terminal: Terminal; readonly runs: KeptRun[] },
  options: Parameters<typeof runWorkflow>[0],
): Promise<RunResult> {
  const show = showRun(terminal);
  let names = { workflow: '', title: '' };
  const result = await runWorkflow({
    ...options,
    onEvent: (event) => {
      if (event.kind === 'run-started') names = { workflow: event.workflow, title: event.title };
      show(event);
      options.onEvent?.(event);
    },
  });
  runs.push({ ...names, result });
  return result;
}
