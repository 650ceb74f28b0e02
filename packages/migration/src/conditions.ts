import { memberOf, type Step } from './workflow.ts';

/** What must all hold for a step to run. A condition with alternatives is one. */
export function conditionsOf(step: Step): readonly string[] {
  const text = (memberOf(step, 'if') ?? '').replace(/^if:/, '').replace(/\s#.*$/gm, '');
  const plain = text.replace(/^\s*(?:[|>]-?)?\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const parts = plain.includes('||') ? [plain] : plain.split('&&');
  return parts.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== '');
}

/** Whether a step may also run after another one has failed. */
export function runsAfterFailure(step: Step): boolean {
  return conditionsOf(step).some((each) => /\b(?:always|failure|cancelled)\s*\(/i.test(each));
}

/** Whether a step has run, and well, wherever a later one runs. */
export function precedes(step: Step, later: Step): boolean {
  if (step === later) return true;
  const [own, asked] = [conditionsOf(step), conditionsOf(later)];
  const forgiven = memberOf(step, 'continue-on-error') !== undefined;
  return !forgiven && !runsAfterFailure(later) && own.every((each) => asked.includes(each));
}
