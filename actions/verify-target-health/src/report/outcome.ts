import type { Outcome } from '@tenant-delivery/action-kit/main';
import { folded } from '@tenant-delivery/action-kit/markdown';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { HealthReport } from '@tenant-delivery/deployment/health/health-report';
import { isHealthy } from '@tenant-delivery/deployment/health/health-sample';
import type { Digest } from '@tenant-delivery/domain';
import { REASON_OF } from '../failures.ts';
import { type Ending, endingOf, type WatchResult } from './ending.ts';
import { iso } from './health-record.ts';
import { headlineOf, remedyOf, summaryOf } from './summary.ts';

/** What a run says of what it watched: its outputs and its outcome. */
export function outcomeOf(
  runner: Pick<Runner, 'output'>,
  service: string,
  health: HealthReport,
  watched: WatchResult,
  facts: Outcome['facts'],
): Outcome {
  const { seen, baked, probed } = watched;
  const ending = endingOf(watched);
  const next = baked && ending.how === 'baking' ? iso(baked.judgement.until) : undefined;
  runner.output('healthy', String(seen.tasks.filter(isHealthy).length));
  runner.output('zones', health.zones.healthy.join(','));
  runner.output('verdict', ending.verdict ?? '');
  runner.output('probe', probed?.verdict ?? '');
  runner.output('next-eligible-at', next ?? '');
  const ok = ending.how === 'verified' || ending.how === 'baking';
  const remedy = ok ? undefined : remedyOf(ending, seen);
  return {
    outcome: wordOf(ending),
    reasonCode: REASON_OF[ending.how],
    ok,
    headline: headlineOf(service, ending, next),
    ...(remedy !== undefined && { remedy }),
    facts: {
      ...facts,
      verdict: ending.verdict ?? null,
      nextEligibleAt: next ?? null,
      zones: health.zones,
      image: health.image,
      probe: health.probe ?? null,
      bake: health.bake,
    },
    summary: summaryOf(service, health, ending, next, remedy),
  };
}

/** `inconclusive` and `baking` are never taken for `verified`, and not for `failed` either. */
function wordOf({ how, verdict }: Ending): string {
  if (how === 'verified' || how === 'cancelled' || how === 'baking') return how;
  return verdict === 'inconclusive' ? 'inconclusive' : 'failed';
}

/** An earlier run has verified the very same report. */
export function verifiedBefore(change: ChangeHandle, report: Digest | undefined): Outcome {
  const headline = `${change.id} was verified before; nothing to do.`;
  return {
    outcome: 'verified',
    reasonCode: 'OK',
    ok: true,
    headline,
    facts: { change: change.id, report: report ?? null, health: change.evidence('health') ?? null },
    summary: folded('Target health', headline),
  };
}

/** A scheduled run that finds no bake to conclude. */
export function nothingBakes(service: string): Outcome {
  const headline = `No change of ${service} bakes; nothing to do.`;
  return {
    outcome: 'nothing-to-do',
    reasonCode: REASON_OF.nothing,
    ok: true,
    headline,
    facts: {},
    summary: folded('Target health', headline),
  };
}
