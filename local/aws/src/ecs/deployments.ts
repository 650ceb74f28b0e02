import { breakerThreshold } from './breaker.ts';
import { type Draft, event, isOver, isWanted, later, openOf, primaryOf } from './draft.ts';
import { endPauses } from './pause.ts';
import { revisionSettings } from './revision-settings.ts';
import { beginStages, turnBack } from './stages.ts';
import type { Deployment, Progress, Revision, ServiceDeployment, ServiceState } from './state.ts';
import { chooseGroups, heaviest, shift } from './traffic.ts';

const PICKED_UP_AFTER = 1_000;

const BEGINNING: Progress = { stage: 'SCALE_UP', turn: 0, until: undefined, shifted: 0 };

/** A new revision, its deployment and its service deployment; whatever was on its way is replaced. */
export function beginDeployment(draft: Draft): void {
  const { service, at } = draft;
  const { rollout, loadBalancers } = service.settings;
  const replaced = openOf(draft);
  const sources = runningByRevision(service);
  const good = service.lastCompleted ?? replaced?.rollback?.revision;
  const source = sources.some(({ revision }) => revision === good) ? good : heaviest(service);
  const serves = rollout.twoSided ? source : (heaviest(service) ?? source);
  const serving = service.revisions.find(({ id }) => id === serves);
  const revision: Revision = {
    ...revisionSettings(service.settings),
    id: at.names.digits(),
    createdAt: at.now,
    groups: chooseGroups(loadBalancers, serving, rollout.twoSided),
    digests: {},
  };
  if (replaced) {
    close(draft, replaced, 'STOPPED', 'The service deployment was replaced by a new service deployment.');
  }
  service.revisions.unshift(revision);
  service.deployments.unshift(deployment(revision.id, at.now));
  service.history.unshift({
    arn: `${service.arn.replace(':service/', ':service-deployment/')}/${at.names.short()}`,
    revision: revision.id,
    plan: rollout,
    source,
    sources,
    createdAt: at.now,
    updatedAt: at.now,
    startedAt: undefined,
    stoppedAt: undefined,
    finishedAt: undefined,
    status: 'PENDING',
    statusReason: undefined,
    rollback: undefined,
    breaker: {
      status: service.settings.breaker.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: breakerThreshold(service.settings.breaker, service.settings.desiredCount),
    },
    alarms: {
      status: rollout.alarms.enable ? 'MONITORING' : 'DISABLED',
      ignored: rollout.alarms.names.filter((name) => at.inAlarm(name)),
      triggered: [],
    },
    progress: { ...BEGINNING, stage: rollout.twoSided ? 'PRE_SCALE_UP' : 'SCALE_UP' },
    hooks: [],
    traffic: undefined,
  });
  if (!rollout.twoSided) shift(draft, 'production', { [revision.id]: 100 });
  service.steady = false;
  service.restartAfter = 0;
  later(draft, PICKED_UP_AFTER, { kind: 'begun', deployment: `ecs-svc/${revision.id}` });
}

export function pickUp(draft: Draft, id: string): void {
  const primary = primaryOf(draft);
  if (primary?.id !== id || primary.begun) return;
  primary.begun = true;
  const open = openOf(draft);
  if (open?.status !== 'PENDING') return;
  open.status = 'IN_PROGRESS';
  open.startedAt = draft.at.now;
  open.updatedAt = draft.at.now;
  if (!open.plan.twoSided) return;
  if (isWithoutRule(draft)) giveUp(draft, open, 'Service deployment:', NO_RULE);
  else beginStages(draft, open);
}

const NO_RULE =
  'Service deployment rolled back because of invalid networking configuration. Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.';

/** Whether no rule that ECS is to move sends to a target group of a pair ("Migrating from a CodeDeploy blue/green"). */
function isWithoutRule({ service, at }: Draft): boolean {
  return service.settings.loadBalancers.some(({ targetGroupArn, advancedConfiguration }) => {
    if (!advancedConfiguration) return false;
    const { alternateTargetGroupArn, productionListenerRule, testListenerRule } = advancedConfiguration;
    const rules = [productionListenerRule, testListenerRule].filter((rule) => rule !== undefined);
    return [targetGroupArn, alternateTargetGroupArn].some(
      (arn) => !rules.some((rule) => at.sendsTo(rule, arn)),
    );
  });
}

/** The PRIMARY deployment has what it takes to be successful. */
export function complete(draft: Draft, primary: Deployment): void {
  primary.rollout = 'COMPLETED';
  primary.rolloutReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = draft.at.now;
  draft.service.lastCompleted = primary.revision;
  event(draft, `(deployment ${primary.id}) deployment completed.`);
  const open = openOf(draft);
  if (!open) return;
  if (open.breaker.status === 'MONITORING') open.breaker.status = 'MONITORING_COMPLETE';
  if (open.alarms.status === 'MONITORING') open.alarms.status = 'MONITORING_COMPLETE';
  close(
    draft,
    open,
    open.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
    undefined,
  );
}

/** The circuit breaker's threshold is reached. */
export function trip(draft: Draft, primary: Deployment): void {
  const open = openOf(draft);
  if (!open) return;
  const reason = 'ECS deployment circuit breaker: tasks failed to start.';
  open.breaker.status = 'TRIGGERED';
  fail(draft, primary, reason);
  event(draft, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  if (open.status === 'ROLLBACK_IN_PROGRESS') {
    close(draft, open, 'ROLLBACK_FAILED', reason);
    return;
  }
  if (!draft.service.settings.breaker.rollback) {
    close(draft, open, 'STOPPED', reason);
    return;
  }
  rollBack(draft, open, 'ECS deployment circuit breaker:', reason);
}

/** One of its alarms went off. */
export function alarmed(draft: Draft, open: ServiceDeployment): void {
  const primary = primaryOf(draft);
  if (!primary) return;
  const reason = `ECS deployment alarms: ${open.alarms.triggered.join(', ')} in ALARM.`;
  event(draft, `(deployment ${primary.id}) deployment failed: alarm detected.`);
  if (open.plan.alarms.rollback) {
    giveUp(draft, open, 'ECS deployment alarms:', reason);
    return;
  }
  fail(draft, primary, reason);
  close(draft, open, 'STOPPED', reason);
}

/** Somebody asked for it with StopServiceDeployment. */
export function rollBackOnRequest(draft: Draft, arn: string): void {
  const open = openOf(draft);
  if (open?.arn !== arn || open.status !== 'ROLLBACK_REQUESTED') return;
  giveUp(draft, open, 'StopServiceDeployment:', 'Rollback was requested with StopServiceDeployment.');
}

/** Somebody asked for it with the stop type ABORT: tasks and traffic stay as they are. */
export function abortOnRequest(draft: Draft, arn: string): void {
  const open = openOf(draft);
  const primary = primaryOf(draft);
  if (open?.arn !== arn || open.status !== 'STOP_REQUESTED' || !primary) return;
  const reason = 'The service deployment was stopped with StopServiceDeployment.';
  fail(draft, primary, reason);
  close(draft, open, 'STOPPED', reason);
}

/** The deployment has failed and goes back, whether or not its failure detection is configured to. */
export function giveUp(draft: Draft, open: ServiceDeployment, by: string, reason: string): void {
  const primary = primaryOf(draft);
  if (!primary) return;
  fail(draft, primary, reason);
  rollBack(draft, open, by, reason);
}

function fail(draft: Draft, primary: Deployment, reason: string): void {
  primary.rollout = 'FAILED';
  primary.rolloutReason = reason;
  primary.updatedAt = draft.at.now;
}

/** The revision that completed last becomes PRIMARY again under its own id. */
function rollBack(draft: Draft, open: ServiceDeployment, by: string, reason: string): void {
  const { service, at } = draft;
  const target = service.revisions.find((revision) => revision.id === service.lastCompleted);
  if (!target) {
    close(draft, open, 'ROLLBACK_FAILED', `${reason} No rollback candidate was found to run the rollback.`);
    return;
  }
  const { platformVersion } = service.settings; // a revision does not say whether its service followed LATEST
  Object.assign(service.settings, revisionSettings(target), { platformVersion });
  const kept = service.deployments.find((one) => one.revision === target.id);
  const primary: Deployment = {
    ...(kept ?? deployment(target.id, at.now)),
    rollout: 'IN_PROGRESS',
    rolloutReason: `${by} rolling back to deploymentId ecs-svc/${target.id}.`,
    updatedAt: at.now,
    begun: true,
    failedTasks: 0,
    breakerFailures: 0,
    barren: 0,
  };
  service.deployments = [primary, ...service.deployments.filter((one) => one.revision !== target.id)];
  service.lastCompleted = undefined;
  service.restartAfter = 0;
  service.steady = false;
  open.status = 'ROLLBACK_IN_PROGRESS';
  open.statusReason = reason;
  open.rollback = { reason, startedAt: at.now, revision: target.id };
  open.updatedAt = at.now;
  event(draft, `rolling back to deployment ${primary.id}.`);
  if (open.plan.twoSided) turnBack(draft, open);
  else {
    open.progress = { ...BEGINNING, turn: open.progress.turn };
    shift(draft, 'production', { [target.id]: 100 });
  }
}

function close(
  draft: Draft,
  open: ServiceDeployment,
  status: ServiceDeployment['status'],
  reason: string | undefined,
): void {
  open.status = status;
  open.statusReason = reason;
  open.finishedAt = draft.at.now;
  open.updatedAt = draft.at.now;
  open.traffic = structuredClone(draft.service.traffic);
  endPauses(open);
  if (status === 'STOPPED') open.stoppedAt = draft.at.now;
}

function deployment(revision: string, now: number): Deployment {
  const id = `ecs-svc/${revision}`;
  return {
    id,
    revision,
    createdAt: now,
    updatedAt: now,
    rollout: 'IN_PROGRESS',
    rolloutReason: `ECS deployment ${id} in progress.`,
    begun: false,
    failedTasks: 0,
    breakerFailures: 0,
    barren: 0,
  };
}

function runningByRevision(service: ServiceState): ServiceDeployment['sources'] {
  const live = service.tasks.filter((task) => isWanted(task) && !isOver(task));
  return [...new Set(live.map((task) => task.revision))].map((revision) => ({
    revision,
    running: live.filter((task) => task.revision === revision && task.lastStatus === 'RUNNING').length,
  }));
}
