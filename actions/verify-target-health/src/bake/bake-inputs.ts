import type { BakeTerms } from '@tenant-delivery/deployment/health/judge-bake';

/** What a bake is where alarms or an SLO are named, and no time: nothing that was asked for is left unwatched. */
export const UNNAMED_BAKE = { minutes: 5, samples: 3 } as const;

interface BakeInputs {
  readonly alarms: readonly string[];
  readonly 'bake-minutes': number | undefined;
  readonly 'bake-samples': number | undefined;
  readonly 'slo-error-percent': number | undefined;
  readonly 'slo-p95-milliseconds': number | undefined;
}

/** What the caller of a service without a contract wants watched; `undefined` when nothing. */
export function termsOfInputs(given: BakeInputs): BakeTerms | undefined {
  const { alarms, 'slo-error-percent': errorPercent, 'slo-p95-milliseconds': p95Milliseconds } = given;
  const slo =
    errorPercent === undefined && p95Milliseconds === undefined
      ? undefined
      : { errorPercent, p95Milliseconds };
  const minutes = given['bake-minutes'];
  if (minutes === undefined && alarms.length === 0 && !slo) return undefined;
  return {
    minutes: minutes ?? UNNAMED_BAKE.minutes,
    samples: given['bake-samples'] ?? UNNAMED_BAKE.samples,
    alarms,
    slo,
  };
}
