import type { WorkflowFile } from '../files/workflow-file.ts';
import type { Problem } from '../run-refused.ts';
import { mapping } from '../value.ts';

/** GitHub, "Workflow syntax": `on.workflow_dispatch.inputs`. */
const MOST_INPUTS = 25;

/** What GitHub has against the triggers of a workflow, and its parser does not say. */
export function triggerProblems({ on, yaml }: WorkflowFile): readonly Problem[] {
  return Object.entries(on).flatMap(([event, written]) => {
    const filters = mapping(written);
    const both = ['branches', 'tags', 'paths']
      .filter((kind) => kind in filters && `${kind}-ignore` in filters)
      .map((kind) =>
        yaml.problem(
          ['on', event, `${kind}-ignore`],
          `you may only define one of \`${kind}\` and \`${kind}-ignore\` for a single event`,
        ),
      );
    const inputs = Object.keys(mapping(filters['inputs'])).length;
    return [
      ...both,
      ...(event === 'workflow_dispatch' && inputs > MOST_INPUTS
        ? [
            yaml.problem(
              ['on', event, 'inputs'],
              `${inputs} inputs are more than the ${MOST_INPUTS} that GitHub takes.`,
            ),
          ]
        : []),
      ...(event === 'workflow_run' && filters['workflows'] === undefined
        ? [yaml.problem(['on', event], "The 'workflow_run' trigger must name its workflows.")]
        : []),
    ];
  });
}
