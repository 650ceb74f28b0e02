import { alarmed } from './deployments.ts';
import { type Draft, primaryOf } from './draft.ts';
import { isWhole, STAGES } from './stages.ts';
import type { ServiceDeployment } from './state.ts';

/** Fails the deployment when one of its alarms goes off. One that was in ALARM at the start is ignored throughout. */
export function watchAlarms(draft: Draft, open: ServiceDeployment): boolean {
  const { alarms, plan } = open;
  if (alarms.status !== 'MONITORING' || open.status !== 'IN_PROGRESS' || !areWatched(draft, open))
    return false;
  const triggered = plan.alarms.names.filter(
    (name) => !alarms.ignored.includes(name) && draft.at.inAlarm(name),
  );
  if (triggered.length === 0) return false;
  alarms.status = 'TRIGGERED';
  alarms.triggered = triggered;
  alarmed(draft, open);
  return true;
}

/** What new tasks do shows in an alarm only once they are all healthy. */
function areWatched(draft: Draft, { plan, progress }: ServiceDeployment): boolean {
  if (plan.twoSided) return STAGES.indexOf(progress.stage) > STAGES.indexOf('SCALE_UP');
  return progress.stage !== 'SCALE_UP' || isWhole(draft, primaryOf(draft)?.revision);
}
