import type { SecretsManagerPolicy } from './policy.ts';
import { hold } from './reasons.ts';
import type { SecretsManagerMove } from './sight.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A secret of one login has a new password before its tasks can know: for a while they fail. That needs a time that was
 * agreed for it. `undefined`: it is now, or nobody is given the value.
 */
export function outage(
  { outages = [] }: SecretsManagerPolicy,
  { services, tasks }: Pick<Snapshot, 'services' | 'tasks'>,
  now: number,
  urgent: boolean,
): SecretsManagerMove | undefined {
  if (urgent || (services.length === 0 && tasks.length === 0)) return undefined;
  if (outages.some(({ from, to }) => from <= now && now < to)) return undefined;
  const next = outages.map(({ from }) => from).filter((from) => from > now);
  if (next.length > 0)
    return {
      kind: 'wait',
      until: Math.min(...next),
      why: 'the time in which its users may fail has not begun',
    };
  return hold(
    'ROTATION_WINDOW',
    'The secret has one login, and no time is agreed in which its tasks may fail.',
  );
}
