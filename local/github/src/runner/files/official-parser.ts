import './json-imports.ts';
import type { Problem } from '../run-refused.ts';
import { isMapping, list, mapping } from '../value.ts';
import { readOnce } from './read-once.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import(
  '@actions/workflow-parser'
);
const { ErrorPolicy } = await import('@actions/workflow-parser/model/convert');
const { convertActionTemplate, parseAction } = await import('@actions/workflow-parser/actions/index');

/** What GitHub's own parser says against a workflow file: all of it, with places. */
export const problemsOfWorkflow = readOnce(async (name, content): Promise<readonly Problem[]> => {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value)
    await convertWorkflowTemplate(context, value, undefined, { errorPolicy: ErrorPolicy.TryConversion });
  const yaml = readYaml(name, content);
  const ids = Object.keys(mapping(yaml.root['jobs']));
  const problems = problemsIn(name, context.errors.getErrors());
  return [
    ...yaml.unknown,
    ...problems.filter(({ message }) => !isKnownNeed(message, ids)),
    ...jobsWithoutWork(yaml),
  ];
});

/** GitHub refuses jobs that have nothing to do; this parser takes them. */
function jobsWithoutWork(yaml: YamlFile): readonly Problem[] {
  const idle = Object.entries(mapping(yaml.root['jobs'])).flatMap(([id, job]) =>
    isMapping(job) && job['uses'] === undefined && list(job['steps']).length === 0 ? [id] : [],
  );
  const [first] = idle;
  if (first === undefined) return [];
  const says = `No steps defined in \`steps\` and no workflow called in \`uses\` for the following jobs: ${idle.join(', ')}`;
  return [yaml.problem(['jobs', first], says)];
}

/** GitHub finds a needed job regardless of case; this parser does not. */
function isKnownNeed(message: string, ids: readonly string[]): boolean {
  const needed = /^Job '.*' depends on unknown job '(.*)'\.$/.exec(message)?.[1]?.toLowerCase();
  return ids.some((id) => id.toLowerCase() === needed);
}

/** What GitHub's own parser says against an `action.yml`. */
export const problemsOfAction = readOnce((name, content): readonly Problem[] => {
  const { context, value } = parseAction({ name, content }, new NoOperationTraceWriter());
  if (value) convertActionTemplate(context, value, { errorPolicy: ErrorPolicy.TryConversion });
  return [...readYaml(name, content).unknown, ...problemsIn(name, context.errors.getErrors())];
});

const LOST = /^Unexpected .* (?:at node end|in YAML stream)/;

interface OfficialError {
  readonly rawMessage: string;
  readonly range: { readonly start: { readonly line: number; readonly column: number } } | undefined;
}

function problemsIn(file: string, errors: readonly OfficialError[]): readonly Problem[] {
  // After the first thing that is no YAML the parser only reports that it has lost its way.
  const [lost] = errors.filter(({ rawMessage }) => LOST.test(rawMessage));
  const told = errors.filter((error) => error === lost || !LOST.test(error.rawMessage));
  return told.map(({ rawMessage, range }) => ({
    file,
    ...(range ? { line: range.start.line, column: range.start.column } : {}),
    message: (rawMessage.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
  }));
}
