import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { RotateRequest } from './inputs.ts';
import type { Rotation } from './run.ts';

/** Opens what a request needs, by the sessions of the contract's roles or by the credentials of the job. */
export async function openRotation(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  request: RotateRequest,
): Promise<Rotation> {
  if (request.kind === 'alone') {
    const { openAlone } = await import('./alone/world.ts');
    return { ...request, world: await openAlone(runner, env, request.given) };
  }
  const { openAgreed } = await import('./agreed/world.ts');
  return { ...request, world: await openAgreed(runner, env, request.given) };
}
