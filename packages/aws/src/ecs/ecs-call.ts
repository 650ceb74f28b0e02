import type * as ecs from '@aws-sdk/client-ecs';
import type { Json } from '@tenant-delivery/domain';
import { jsonCaller, type SignedConfig } from '../by-hand/signed-call.ts';
import { required } from '../errors/translate.ts';

export const ECS = {
  name: 'ecs',
  variable: 'ECS',
  target: 'AmazonEC2ContainerServiceV20141113',
  version: '1.1',
} as const;

type JsonObject = { readonly [member: string]: Json };

/** A shape of the SDK as it travels: times are seconds since the epoch. */
export type Told<T> = T extends Date
  ? number
  : T extends readonly (infer Each)[]
    ? readonly Told<Each>[]
    : T extends object
      ? { readonly [Member in keyof T]: Told<T[Member]> }
      : T;

interface Answers {
  ContinueServiceDeployment: ecs.ContinueServiceDeploymentResponse;
  DeregisterTaskDefinition: ecs.DeregisterTaskDefinitionResponse;
  DescribeClusters: ecs.DescribeClustersResponse;
  DescribeServiceDeployments: ecs.DescribeServiceDeploymentsResponse;
  DescribeServiceRevisions: ecs.DescribeServiceRevisionsResponse;
  DescribeServices: ecs.DescribeServicesResponse;
  DescribeTaskDefinition: ecs.DescribeTaskDefinitionResponse;
  DescribeTasks: ecs.DescribeTasksResponse;
  ListServiceDeployments: ecs.ListServiceDeploymentsResponse;
  ListTagsForResource: ecs.ListTagsForResourceResponse;
  ListTaskDefinitions: ecs.ListTaskDefinitionsResponse;
  ListTasks: ecs.ListTasksResponse;
  RegisterTaskDefinition: ecs.RegisterTaskDefinitionResponse;
  RunTask: ecs.RunTaskResponse;
  StopServiceDeployment: ecs.StopServiceDeploymentResponse;
  StopTask: ecs.StopTaskResponse;
  UpdateService: ecs.UpdateServiceResponse;
}

export interface EcsAnswer<T> {
  /** What this release knows of it. */
  readonly read: Told<T>;
  /** All of it, with what is newer than this release. */
  readonly document: JsonObject;
}

export type EcsCall = ReturnType<typeof ecsCaller>;

/**
 * Asks ECS by hand, because the SDK drops members that its release does not know, in both directions and without a word:
 * a task definition must come through whole.
 */
export function ecsCaller(config: SignedConfig) {
  const call = jsonCaller(ECS, config);
  return async <Operation extends keyof Answers>(
    operation: Operation,
    input: JsonObject,
  ): Promise<EcsAnswer<Answers[Operation]>> => {
    const document = await call(operation, input);
    return { read: withoutNulls(document) as Told<Answers[Operation]>, document }; // ECS's own answer to that
  };
}

/**
 * The same for requests that may take effect once only: it repeats what ECS refused as too frequent, which is certain
 * not to have been done, and nothing else. A lost answer comes back as an error, to be looked into.
 */
export function ecsOnce(config: SignedConfig): EcsCall {
  const strategy = config.retryStrategy;
  return ecsCaller({
    ...config,
    retryStrategy: {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      recordSuccess: (token) => strategy.recordSuccess(token),
      refreshRetryTokenForRetry: async (token, info) => {
        if (info.errorType !== 'THROTTLING') throw new Error('not repeated: it may have taken effect');
        return strategy.refreshRetryTokenForRetry(token, info);
      },
    },
  });
}

/** The JSON of the first entry of a list in the answer. */
export function firstOf(answer: JsonObject, list: string): JsonObject {
  const entries = answer[list];
  const [first] = Array.isArray(entries) ? entries : [];
  return required(objectOf(first), `${list}[0]`);
}

/** The JSON of one member of the answer. */
export function memberOf(answer: JsonObject, member: string): JsonObject {
  return required(objectOf(answer[member]), member);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as JsonObject; // neither a list nor null
}

/** A member that is null says nothing. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(members.map(([name, each]) => [name, withoutNulls(each)]));
}

/** Milliseconds since the epoch, of a time as it travels. */
export function timeOf(seconds: number): number;
export function timeOf(seconds: number | undefined): number | undefined;
export function timeOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}
