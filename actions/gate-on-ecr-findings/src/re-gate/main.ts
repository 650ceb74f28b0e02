import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { startSession } from '@tenant-delivery/aws/session/session';
import type { ReGateInputs } from '../inputs.ts';

/** The read role alone: what looks at what runs can change nothing of it. */
export async function gateRunning(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ReGateInputs,
): Promise<Outcome> {
  const { opened } = await startSession(runner, env, given, ['read']);
  // The other clients load while STS answers.
  const [{ reGate }, { openReGate }] = await Promise.all([import('./run-re-gate.ts'), import('./world.ts')]);
  return reGate(given, await openReGate(runner, env, given, await opened));
}
