import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  planRefused: failure(
    'PLAN_REFUSED',
    (change: string, why: readonly string[]) => ({
      message: `${change} is refused: ${why.join('; ')}`,
      details: why,
    }),
    'Nothing was changed. Mend what each line names, in the contract or in the account, and plan again.',
  ),
  planChanged: failure(
    'STACK_PLAN_CHANGED',
    (change: string, differences: readonly string[]) => ({
      message: `What ${change} would do now is not what was approved: ${differences.join('; ')}`,
      details: differences,
    }),
    'Nothing was changed. Start a new run: it plans from what is there now, and people approve that plan.',
  ),
};
