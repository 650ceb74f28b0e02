import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  preflightFailed: failure(
    'PREFLIGHT_FAILED',
    (service: string, found: readonly string[]) => ({
      message: `${service} cannot be deployed as things are: ${found.join('; ')}`,
      details: found,
    }),
    'Mend what each line says; whose it is to mend stands at its end. Nothing was changed.',
  ),
};
