import type { Check } from '@tenant-delivery/isolation/check';
import { failures } from '@tenant-delivery/isolation/failures';
import { judgeAll } from '@tenant-delivery/isolation/judge';
import type { PreflightReport } from '@tenant-delivery/isolation/preflight-report';
import type { PreflightWorld } from '../deploy-world.ts';
import { preflightSummary, sayCheck, sayPassed } from './preflight-words.ts';
import type { PreflightSubject } from './subject.ts';
import { observeSurroundings } from './surroundings.ts';

export interface Preflight {
  readonly checks: readonly Check[];
  /** Markdown for the summary: what did not pass. */
  readonly summary: string;
  /** For the record of a change. */
  report(change: string): PreflightReport;
}

/**
 * Looks at everything that a deploy needs, all at once and without changing anything, and judges it. Says one line for
 * each check that does not pass. Throws PREFLIGHT_FAILED with every check that blocks: what could not be deployed as things
 * are is not put before people for approval either.
 */
export async function preflight(world: PreflightWorld, subject: PreflightSubject): Promise<Preflight> {
  const { runner, clock } = world;
  const { mode, recovers, waivers, ref, agreed } = subject;
  const checks = judgeAll(await observeSurroundings(world, subject), {
    recovers,
    waivers,
    plans: mode === 'plan',
  });
  const judgedAt = new Date(clock.now()).toISOString();
  for (const check of checks) {
    if (check.result === 'waived') runner.info(sayCheck(check));
    else if (check.result !== 'pass' && !check.blocks) runner.warning(sayCheck(check));
  }
  runner.info(sayPassed(checks));
  const blocking = checks.filter(({ blocks }) => blocks);
  if (blocking.length > 0) {
    const told = blocking.map((check) => {
      const said = sayCheck(check).replace(/\.$/, '');
      return agreed ? `${said} (${check.owner})` : said; // two parties there are only under a contract
    });
    throw failures.preflightFailed(ref.target.service, told);
  }
  return {
    checks,
    summary: preflightSummary(checks, agreed !== undefined),
    report: (change) => ({
      schemaVersion: 1,
      change,
      mode,
      judgedAt,
      checks: checks.map(({ waiver, ...check }) => ({ ...check, waiver: waiver ?? null })),
    }),
  };
}
