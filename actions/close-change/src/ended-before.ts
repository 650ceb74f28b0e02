import type { Outcome } from '@tenant-delivery/action-kit/main';
import { isEnd, type Target } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { newestEvent } from '@tenant-delivery/evidence/newest-event';
import type { World } from './ports.ts';

/**
 * The event with which an earlier job of this run ended its change, where nothing is left to tell of it. An exercise, and
 * a change that another run ended, are told by their whole record.
 */
export async function endedBefore(
  { vault, released, agreed, claims }: World['record'],
  target: Target,
  id: string,
): Promise<ChangeEvent | undefined> {
  const event = await newestEvent({ vault, trust: released, agreed }, target, id);
  if (!event || !isEnd(event.transition.to) || event.change.kind === 'exercise') return undefined;
  const { repositoryId, runId } = event.run;
  return repositoryId === claims.repositoryId && runId === claims.runId ? event : undefined;
}

export function reportEndedBefore({ change, transition, seq, digest }: ChangeEvent): Outcome {
  const place = `${change.service} in ${change.environment} of ${change.tenant}`;
  const state = transition.to;
  return {
    outcome: 'nothing-to-do',
    reasonCode: 'OK',
    ok: true,
    headline: `${change.id} (${place}) is ${state}.`,
    facts: { change: change.id, state, events: seq + 1, head: digest, alsoClosed: [] },
    summary: '',
  };
}
