import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { startSession } from '@tenant-delivery/aws/session/session';
import type { ReportInputs } from '../inputs.ts';

/** A role that reads how old credentials are, and no value but the key of the App that asks GitHub. */
export async function reportAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ReportInputs,
): Promise<Outcome> {
  const { opened } = await startSession(runner, env, given, ['report']);
  // The other clients load while STS answers.
  const [{ reportAges }, { openReport }] = await Promise.all([
    import('./run-report.ts'),
    import('./world.ts'),
  ]);
  return reportAges(given, await openReport(runner, env, given, await opened));
}
