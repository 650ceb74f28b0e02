import type { Assumption } from '@tenant-delivery/domain';

/** What following a deployment takes for true of Amazon ECS. */
export const DEPLOYMENT_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'ecs-started-by-revision',
    of: 'AWS',
    says: "A service's task has `ecs-svc/DIGITS` in `startedBy`, and DIGITS is the end of the ARN of the service revision that its deployment goes to.",
    page: 'Amazon ECS API Reference, "Task": says that `startedBy` holds the deployment id, and not how that relates to a service revision.',
    ifWrong: {
      fails: 'closed',
      effect:
        'No task counts as one of this deployment. A deploy waits until its time is over, and nothing is verified.',
    },
    seenBy: { canary: 'A delivery: `startedBy` of its tasks beside the ARN of its service revision.' },
  },
  {
    id: 'ecs-breaker-counts-blue-green',
    of: 'AWS',
    says: 'The circuit breaker may be silent in a blue/green deployment whose tasks die.',
    page: 'Amazon ECS Developer Guide: the pages on the circuit breaker and on blue/green deployments disagree.',
    ifWrong: {
      fails: 'harmless',
      effect:
        'Our own time limit ends a deployment that the breaker does not, and a breaker that does is followed.',
    },
    seenBy: {
      notByCanary: 'It has one service, whose deployments roll.',
      person:
        'Deliver a release that crashes to a service with blue/green deployments: the report of its deployment says which of the two ended it.',
    },
  },
  {
    id: 'ecs-omitted-platform-version',
    of: 'AWS',
    says: 'UpdateService without `platformVersion` leaves a service that follows LATEST at LATEST.',
    page: 'Amazon ECS API Reference, "UpdateService": says that LATEST is used when none is given.',
    ifWrong: {
      fails: 'open',
      effect:
        'A rollback runs on another platform version than the release that it goes back to, and is called verified.',
    },
    seenBy: { canary: 'Every update of the service: its `platformVersion` before and after.' },
  },
];
