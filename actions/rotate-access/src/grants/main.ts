import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { startSession } from '@tenant-delivery/aws/session/session';
import type { GrantInputs } from './inputs.ts';

/** Grants are listed by the role that only reads, and changed by one that changes nothing else. */
export async function grantAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: GrantInputs,
): Promise<Outcome> {
  const roles = given.mode === 'list-grants' ? (['read'] as const) : (['access', 'journal'] as const);
  const { opened } = await startSession(runner, env, given, roles);
  // The other clients load while STS answers.
  const [{ listAll, change }, { openGrants }] = await Promise.all([
    import('./run-grants.ts'),
    import('./world.ts'),
  ]);
  const world = await openGrants(runner, env, given, await opened);
  return given.mode === 'list-grants' ? listAll(given, world) : change(given, world);
}
