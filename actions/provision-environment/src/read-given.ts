import { inputsInvalid, tryInputs } from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { readerAppMistakes } from '@tenant-delivery/delivery/inputs';
import type { ProvisionInputs, inputs as table } from './inputs.ts';

/** The inputs, and what some of them need of others, with every mistake at once. */
export function readGiven(runner: Runner, inputs: typeof table): ProvisionInputs {
  const read = tryInputs(runner, inputs);
  if ('mistakes' in read) throw inputsInvalid(read.mistakes);
  const { mode, change } = read.given;
  if (mode === 'apply' && change === undefined)
    throw inputsInvalid(['change is missing: give the `change` output of mode plan']);
  if (mode === 'plan' && change !== undefined)
    throw inputsInvalid(['change is given: leave it out, mode plan opens a change of its own']);
  const ofApp = readerAppMistakes(read.given);
  if (ofApp.length > 0) throw inputsInvalid(ofApp);
  return read.given;
}
