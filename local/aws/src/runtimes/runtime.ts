import type { StopOrder, TaskEnd } from '../ecs/happening.ts';
import type { Address } from './address.ts';
import type { RunnableImage } from './image-source.ts';

/** What a task is to run, all references resolved. */
export interface TaskOrder {
  readonly account: string;
  readonly region: string;
  readonly task: string;
  readonly family: string;
  /** Empty for a task that no service started: it serves nobody and ends by itself. */
  readonly service: string;
  /** `service:NAME`, or of a one-off task `family:NAME` or what RunTask said. */
  readonly group: string;
  readonly startedBy: string;
  /** The task's own address in the VPC; unreachable from outside except through `RunningTask`. */
  readonly address: string;
  readonly subnet: { readonly id: string; readonly cidr: string };
  readonly containers: readonly ContainerOrder[];
}

export interface ContainerOrder {
  readonly name: string;
  /** As the task definition names it. */
  readonly image: string;
  readonly content: RunnableImage;
  readonly essential: boolean;
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
  readonly ports: readonly number[];
  /** MiB that it may use, by its own limit or the task's; undefined where neither has one. */
  readonly memory: number | undefined;
  /** Virtual seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly healthCheck: ContainerHealthCheck | undefined;
  /** Takes one line of standard output or standard error. */
  readonly log: (line: string) => void;
}

/** A container's own health check, as its definition has it; times are virtual. */
export interface ContainerHealthCheck {
  /** `CMD` and a program with its arguments, or `CMD-SHELL` and a line for the shell. */
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface TaskListener {
  /** All containers were started. Never after `ended`. */
  started(): void;
  /** Something outside of the task wants it to end, a person or the machine below it; it still runs. */
  interrupted(stop: StopOrder): void;
  /** Once, whatever happens, and nothing after it. */
  ended(end: TaskEnd): void;
}

export interface TaskRuntime {
  run(order: TaskOrder, listener: TaskListener): RunningTask;
}

/** A task that was started, as the network and the scheduler see it. */
export interface RunningTask {
  /** SIGTERM, then SIGKILL when the stop timeout is over; `ended` follows. */
  stop(): void;
  /** One health check. Never throws. */
  probe(check: HealthCheck): Promise<ProbeAnswer>;
  /** Runs a container's own health check once: whether its command ended with 0 in time. Never throws. */
  checkContainer(container: string, check: ContainerHealthCheck): Promise<boolean>;
  /** Whether its answers stand out among those of other targets, as a balancer's anomaly detection sees it. */
  anomalous(): boolean;
  /** Where requests to a port of the task really go: an address that this machine reaches, or an answer from a script. */
  reach(port: number): Reach | undefined;
}

export interface HealthCheck {
  readonly port: number;
  readonly path: string;
  /** Virtual. */
  readonly timeoutSeconds: number;
}

export type ProbeAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  /** Nothing back in time. */
  | { readonly kind: 'timeout' }
  /** Refused, reset, or not HTTP. */
  | { readonly kind: 'refused' }
  /** The balancer has its own word on the target, whatever the task would answer. */
  | { readonly kind: 'not-asked'; readonly verdict: BalancerVerdict };

export type BalancerVerdict =
  | 'checks-failed-inside'
  | 'health-unavailable'
  | 'checks-disabled'
  | 'address-reserved'
  | 'stopped'
  | 'draining-unhealthy';

export type Reach =
  | ({ readonly kind: 'address' } & Address)
  | { readonly kind: 'scripted'; readonly status: number; readonly body: string };
