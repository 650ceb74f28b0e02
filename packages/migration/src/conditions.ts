import { parseDocument } from 'yaml';
import { both, casesOf, holdsIn } from './cases.ts';
import { type Job, memberOf, type Step } from './workflow.ts';

/** What must all hold for a step to run. A condition with alternatives is one. */
export function conditionsOf(step: Step): readonly string[] {
  const plain = conditionOf(step);
  const parts = plain.includes('||') ? [plain] : plain.split('&&');
  return parts.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== '');
}

/** The text of its `if`, without what YAML and GitHub write around it. */
function conditionOf(step: Step): string {
  const member = memberOf(step, 'if') ?? '';
  const read = parseDocument(member, { schema: 'failsafe' });
  const value = read.errors.length + read.warnings.length > 0 ? undefined : read.get('if');
  return plainOf(typeof value === 'string' ? value : member.replace(/^if:/, ''));
}

const plainOf = (text: string) => text.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');

/** Whether a step may also run after another one has failed. */
export function runsAfterFailure(step: Step): boolean {
  return conditionsOf(step).some((each) =>
    /\b(?:always|failure|cancelled)\s*\(|!\s*success\s*\(/i.test(each),
  );
}

/** Whether a step has run, and well, wherever a later one of the job runs. */
export function precedes(step: Step, later: Step, { condition, steps }: Job): boolean {
  if (step === later) return true;
  const forgiven = memberOf(step, 'continue-on-error') !== undefined;
  if (forgiven || runsAfterFailure(later)) return false;
  const own = conditionOf(step);
  const between = steps.filter(({ id, from }) => id !== undefined && from >= step.from && from < later.from);
  if (between.some(({ id }) => new RegExp(`\\bsteps\\.${id}\\b`, 'i').test(own))) return false;
  return holdsIn(casesOf(own), both(casesOf(plainOf(condition)), casesOf(conditionOf(later))));
}
