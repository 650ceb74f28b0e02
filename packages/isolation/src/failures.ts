import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  preflightFailed: failure(
    'PREFLIGHT_FAILED',
    (service: string, found: readonly string[]) => ({
      message: `${found.length === 1 ? 'One check stops' : `${found.length} checks stop`} a deploy of ${service}: ${found.join('; ')}`,
      details: found,
    }),
    'Correct what each line says; under a contract its end says who owns it. Nothing was changed.',
  ),
};
