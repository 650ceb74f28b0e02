import type { CloseChangeInputs } from './inputs.ts';

/** The deploy job closes with its own key; the last job has the build key, which may end what never deployed. */
export function dutyOf(mode: CloseChangeInputs['mode']): 'deploy' | 'build' {
  return mode === 'close' ? 'deploy' : 'build';
}
