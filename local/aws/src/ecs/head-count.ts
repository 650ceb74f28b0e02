import type { Deployment, ServiceDeployment, ServiceState } from './state.ts';

/** How many tasks a deployment is to have while two sides stand. */
export interface HeadCount {
  readonly tasks: number;
  /** False: those that are there may stay, none is started. */
  readonly launches: boolean;
}

/** The service deployment whose two sides stand: one under way, or the last one where it was given up halfway. */
export function twoSided({ history, deployments }: ServiceState): ServiceDeployment | undefined {
  const [latest] = history;
  if (!latest?.plan.twoSided) return undefined;
  const givenUp = latest.status === 'STOPPED' || latest.status === 'ROLLBACK_FAILED';
  if (givenUp) return deployments[0]?.rollout === 'FAILED' ? latest : undefined;
  return latest.finishedAt === undefined ? latest : undefined;
}

/**
 * The old side keeps all its tasks until CLEAN_UP, the new one gets all of them from SCALE_UP on, any third one goes
 * once it has no traffic.
 * In a rollback it is the other way round: the old side is made whole, the failed one goes in CLEAN_UP.
 * Where it was given up halfway, each side that has traffic keeps its tasks.
 */
export function headCount(service: ServiceState, sides: ServiceDeployment, of: Deployment): HeadCount {
  const all = { tasks: service.settings.desiredCount, launches: true };
  const none = { tasks: 0, launches: false };
  const asTheyAre = { ...all, launches: false };
  const { stage } = sides.progress;
  const back = sides.rollback !== undefined;
  if (of.revision === (sides.rollback?.revision ?? sides.source)) {
    return stage === 'CLEAN_UP' && !back ? none : all;
  }
  const serves = (service.traffic.production[of.revision] ?? 0) > 0;
  if (of.revision !== sides.revision) return serves ? asTheyAre : none;
  if (back) return stage === 'CLEAN_UP' ? none : asTheyAre;
  if (of.rollout === 'FAILED') return serves ? all : asTheyAre;
  return stage === 'RECONCILE_SERVICE' || stage === 'PRE_SCALE_UP' ? none : all;
}
