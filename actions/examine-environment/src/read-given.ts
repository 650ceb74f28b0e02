import { inputsInvalid, tryInputs } from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { readerAppMistakes } from '@tenant-delivery/delivery/inputs';
import type { ExamineInputs, inputs as table } from './inputs.ts';

/** The inputs, and what some of them need of others, with every mistake at once. */
export function readGiven(runner: Runner, inputs: typeof table): ExamineInputs {
  const read = tryInputs(runner, inputs);
  const mistakes = 'mistakes' in read ? read.mistakes : readerAppMistakes(read.given);
  if ('mistakes' in read || mistakes.length > 0) throw inputsInvalid(mistakes);
  return read.given;
}
