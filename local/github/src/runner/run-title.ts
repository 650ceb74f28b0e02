import { NO_STATUS } from './expressions/scope.ts';
import { fillText } from './expressions/template.ts';
import { subjectAt } from './files/at-commit.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunOptions } from './run-options.ts';
import { type Mapping, mapping, text } from './value.ts';

/** `run-name`, or what GitHub shows without one. */
export async function titleOf(
  { workflow, repository, source }: PreparedRun,
  options: RunOptions,
  event: Mapping,
  inputs: Mapping,
): Promise<string> {
  const { runName, name } = workflow.file;
  if (runName !== undefined) {
    const github = {
      event,
      actor: options.actor,
      ref: options.ref,
      sha: source.sha,
      event_name: options.event,
    };
    return fillText(runName, {
      contexts: { github, inputs, vars: options.variables ?? {} },
      status: NO_STATUS,
    });
  }
  const pull = text(mapping(event['pull_request'])['title']);
  if (pull) return pull;
  return options.event === 'push' ? subjectAt(repository.path, source.sha) : name;
}
