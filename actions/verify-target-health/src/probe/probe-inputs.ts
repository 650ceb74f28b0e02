import type { ProbeTerms } from '@tenant-delivery/deployment/health/probe-definition';
import { UNNAMED_PROBE } from '@tenant-delivery/tenancy/probe-wish';

interface ProbeInputs {
  readonly probe: string | undefined;
  readonly 'probe-status': string | undefined;
  readonly 'probe-seconds': number | undefined;
  readonly 'probe-image'?: string | undefined;
}

/** The probe that the caller asks for; `undefined` when none. */
export function probeOfInputs(given: ProbeInputs): ProbeTerms | undefined {
  if (given.probe === undefined) return undefined;
  return {
    path: given.probe,
    status: given['probe-status'] ?? UNNAMED_PROBE.status,
    seconds: given['probe-seconds'] ?? UNNAMED_PROBE.seconds,
  };
}

/** Inputs that say more of a probe that nobody asks for. */
export function probeMistakes(given: ProbeInputs): readonly string[] {
  if (given.probe !== undefined) return [];
  return (['probe-status', 'probe-seconds', 'probe-image'] as const)
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name} is given without probe: give probe too, or leave ${name} out`);
}

/** Without a contract nobody else says what may ask. */
export function probeImageMistakes(given: ProbeInputs): readonly string[] {
  return given.probe !== undefined && given['probe-image'] === undefined
    ? [
        'probe-image is missing: give an image with `node` in it by its digest, REPOSITORY@sha256:…, that the execution role of the service can pull',
      ]
    : [];
}
