import { outputIn } from '../expressions.ts';
import { actionOf, type Step } from '../workflow.ts';
import type { Part, ShellPart } from './parts.ts';
import type { Surroundings } from './variables.ts';

/** Commands that answer one line, whatever they find. */
const COMMAND =
  /(?:date(?! *-f| *--file)|git (?:rev-parse(?: --\S+)* [\w/@{}^~-]+ *\)|describe|rev-list --count)|basename|dirname|pwd|uname|whoami)[^()`|;&\n]*/
    .source;
/** A part of what the runner says in one line. */
const OF_RUNNER =
  /echo "?\$\{?GITHUB_(?:SHA|REF|REF_NAME|HEAD_REF|REPOSITORY)(?:[#%:][^}"\n]*)?\}?"?(?: *\| *(?:cut|head|tr|sed) [^()`|;&\n\\]*)+/
    .source;

/** Answers whether an output certainly has one line: that of a step of the job, or what a part of a script hands on. */
export function oneLineOutputs({ job }: Surroundings, parts: readonly Part[] = []) {
  return (expression: string): boolean => {
    const asked = outputIn(expression);
    if (!asked) return false;
    const part = parts.find((each) => each.kind === 'shell' && each.id === asked.id);
    if (part?.kind === 'shell') return isSetInOneLine(part, asked.output);
    const step = job.steps.find(({ id }) => id?.toLowerCase() === asked.id.toLowerCase());
    return step !== undefined && writesOneLine(step, asked.output);
  };
}

/** Whether every value that a part gives a name has certainly one line. */
export function isSetInOneLine({ statements }: ShellPart, name: string): boolean {
  const form = new RegExp(
    `^(?:export )?${name}=["']?[\\w.:/-]*(?:\\$\\((?:${COMMAND}|${OF_RUNNER})\\)?|\\$\\{GITHUB_(?:SHA|REF|REF_NAME|REPOSITORY):[^}\\n]*\\})[\\w.:/-]*["']?(?: \\|\\| true)?$`,
  );
  const sets = statements.filter(
    (each) => each.sets.includes(name) || each.assigns.some((assigned) => assigned.name === name),
  );
  return sets.length > 0 && sets.every(({ own }) => form.test(own.trim()));
}

/** `echo "NAME=…" >> "$GITHUB_OUTPUT"` says one line; what reaches that file in another way may have several. */
function writesOneLine(step: Step, name: string): boolean {
  const action = actionOf(step);
  if (action === 'aws-actions/amazon-ecr-login') return name === 'registry';
  if (action === 'docker/metadata-action') return name === 'version';
  const script = step.run ?? '';
  return new RegExp(`\\becho\\s+["']?${name}=`).test(script) && !/<<|set-output/.test(script);
}
