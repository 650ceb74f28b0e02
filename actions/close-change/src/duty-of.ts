import type { CloseChangeInputs } from './inputs.ts';

/** The deploy job closes with its own key; the last job has the gate's, which may end what never deployed. */
export function dutyOf(mode: CloseChangeInputs['mode']): 'deploy' | 'gate' {
  return mode === 'close' ? 'deploy' : 'gate';
}
