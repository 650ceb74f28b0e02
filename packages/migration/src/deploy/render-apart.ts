import { precedes } from '../conditions.ts';
import { replaceExpressions } from '../expressions.ts';
import { computesSteps, referencesIn } from '../references.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { actionOf, labelOf, memberOf, otherVariable, type Step } from '../workflow.ts';
import { DEPLOY } from './from-deploy-action.ts';
import { RENDER } from './render.ts';

/** Why the values of a render cannot move to the deploy. */
export function whyApart(render: Step, around: Surroundings): string | undefined {
  const { step, job, workflow } = around;
  if (memberOf(render, 'if') !== undefined && !precedes(render, step, job))
    return 'its render has another `if`';
  if (memberOf(render, 'continue-on-error') !== undefined) return 'its render has `continue-on-error`';
  // A render that starts from a file asks AWS nothing.
  const other = render.with['task-definition'] === undefined ? otherVariable(render, step) : undefined;
  if (other !== undefined) return `its render has another \`${other}\` in its \`env\``;
  const base = resolved(render.with['task-definition'] ?? '', around);
  for (const between of job.steps) {
    if (between.from <= render.from || between.from >= step.from) continue;
    if (onlyReads(between)) continue;
    const text = workflow.lines.slice(between.from, between.to + 1).join('\n');
    const head = `the step "${labelOf(between)}" between render and deploy`;
    if (reachesFileOf(render, text)) return `${head} can change the file that the render has written`;
    if (changesInputOf(base, between, text)) return `${head} changes what the render has read`;
  }
  return undefined;
}

/** A deploy, another render, which writes a file of its own, or a script that prints and sends nothing anywhere else. */
function onlyReads(step: Step): boolean {
  if (step.run === undefined) return [RENDER, DEPLOY].includes(actionOf(step) ?? '');
  const lines = replaceExpressions(step.run, () => 'VALUE').split('\n');
  return lines.every((line) => /^\s*(?:(?:cat|echo|jq|test)\b[^|&;<>$`()\\]*)?$/.test(line));
}

/** Whether a step knows the file of a render, which is in the runner's folder for temporary files. */
function reachesFileOf({ id }: Step, text: string): boolean {
  const named = referencesIn(text).some((each) => each.id.toLowerCase() === id?.toLowerCase());
  return named || computesSteps(text) || /RUNNER_TEMP|runner\.temp|\/_temp\b/.test(text);
}

/**
 * Whether a step changes the environment, or may change the file that a render starts from: it names the file, its folder or a
 * pattern, brings other files, or runs a program of the repository.
 */
function changesInputOf(base: string, step: Step, text: string): boolean {
  if (/GITHUB_ENV/.test(text)) return true;
  const path = base.trim();
  if (path === '') return false;
  const [name = '', folder] = path.split('/').reverse();
  if (text.includes(name) || (folder && text.includes(`${folder}/`))) return true;
  if (step.run === undefined)
    return /^(?:\.\/|actions\/(?:checkout|download-artifact|cache)\b)/.test(actionOf(step) ?? '');
  const programs = replaceExpressions(step.run, () => 'VALUE').split('\n');
  return programs.some((line) =>
    /\*|\bgit\s+(?!log|show|rev-parse|describe|diff|status|config\b)\w|(?:^|[\s;&|(])(?:\.{1,2}\/|(?:ba|z)?sh\s|source\s|python3?\s|node\s|npm\s|npx\s|yarn\s|make\b|find\s)/.test(
      line,
    ),
  );
}
