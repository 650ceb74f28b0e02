import { declaredInputs, declaredSecrets } from '../files/declared-inputs.ts';
import type { JobCall, WorkflowFile } from '../files/workflow-file.ts';
import { mapping } from '../value.ts';
import { staticInputProblems } from './typed-inputs.ts';

/** What does not fit between a call and the workflow that it calls: names, literals, what is required. */
export function callProblems(work: JobCall, called: WorkflowFile): readonly string[] {
  const trigger = called.on['workflow_call'];
  const problems = [...staticInputProblems(declaredInputs(trigger), work.inputs)];
  if (work.secrets === 'inherit') return problems;
  const declared = declaredSecrets(trigger);
  const given = Object.keys(mapping(work.secrets));
  const known = new Set(declared.map(({ name }) => name.toLowerCase()));
  const has = new Set(given.map((name) => name.toLowerCase()));
  for (const name of given) {
    if (!known.has(name.toLowerCase()))
      problems.push(`Secret '${name}' is not defined in the called workflow.`);
  }
  for (const { name, required } of declared) {
    if (required && !has.has(name.toLowerCase()))
      problems.push(`Secret '${name}' is required, but not provided.`);
  }
  return problems;
}
