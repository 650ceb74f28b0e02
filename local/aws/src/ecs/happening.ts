import type { HookAction } from './rollout-plan.ts';
import type { ServiceSettings, Subnet } from './state.ts';
import type { ContainerHealth, StopCode } from './task-state.ts';

/** Everything that can happen to a service. Nothing else moves it. */
export type Happening =
  /** The scheduler looks again. */
  | { readonly kind: 'look' }
  | { readonly kind: 'updated'; readonly settings: ServiceSettings; readonly deploy: boolean }
  | { readonly kind: 'begun'; readonly deployment: string }
  | { readonly kind: 'rollback-requested'; readonly serviceDeployment: string }
  | { readonly kind: 'rollback-due'; readonly serviceDeployment: string }
  | { readonly kind: 'abort-requested'; readonly serviceDeployment: string }
  | { readonly kind: 'abort-due'; readonly serviceDeployment: string }
  /** A stage has lasted its time. `turn` tells it from an earlier one. */
  | { readonly kind: 'stage-due'; readonly serviceDeployment: string; readonly turn: number }
  | {
      readonly kind: 'hook-answered';
      readonly serviceDeployment: string;
      readonly hook: string;
      readonly action: HookAction;
    }
  | { readonly kind: 'hook-expired'; readonly serviceDeployment: string; readonly hook: string }
  | { readonly kind: 'provisioned'; readonly task: string }
  | {
      readonly kind: 'pulled';
      readonly task: string;
      readonly digests: Readonly<Record<string, string>>;
      /** Essential containers with a health check of their own. */
      readonly checked: readonly string[];
    }
  | { readonly kind: 'started'; readonly task: string }
  | { readonly kind: 'activated'; readonly task: string }
  /** 40 s after RUNNING, for a task that nothing checks. */
  | { readonly kind: 'lasted'; readonly task: string }
  | {
      readonly kind: 'target';
      readonly task: string;
      readonly targetGroupArn: string;
      readonly news: TargetNews;
    }
  | { readonly kind: 'grace-over'; readonly task: string }
  | {
      readonly kind: 'container-health';
      readonly task: string;
      readonly container: string;
      readonly health: ContainerHealth;
    }
  | { readonly kind: 'ended'; readonly task: string; readonly end: TaskEnd }
  /** Somebody or something outside of the scheduler wants it to end. */
  | { readonly kind: 'stop-requested'; readonly task: string; readonly stop: StopOrder }
  | { readonly kind: 'released'; readonly task: string }
  | { readonly kind: 'forgotten'; readonly task: string }
  /** The emulator came back with saved state; no process survived. */
  | { readonly kind: 'restarted' };

export type TargetNews =
  | { readonly state: 'healthy' }
  | { readonly state: 'checked'; readonly passed: false }
  | { readonly state: 'unhealthy'; readonly description: string }
  | { readonly state: 'gone' };

/** Why a task is to end: in DescribeTasks its stop code and stopped reason. */
export interface StopOrder {
  readonly code: StopCode;
  readonly reason: string;
}

/** How everything in a task came to its end, by its own doing or on request. */
export type TaskEnd =
  | {
      readonly kind: 'cannot-start';
      /** Empty where the task failed before any container. */
      readonly container: string;
      readonly reason: string;
      /** What the task itself says where the reason is told of the container alone. */
      readonly taskReason?: string;
    }
  | {
      readonly kind: 'exited';
      readonly exits: Readonly<Record<string, { readonly exitCode?: number; readonly reason?: string }>>;
    };

/** What must be done in the world because of it. */
export type Effect =
  | { readonly kind: 'later'; readonly milliseconds: number; readonly happening: Happening }
  | { readonly kind: 'run'; readonly task: string }
  | { readonly kind: 'stop'; readonly task: string }
  | {
      readonly kind: 'register';
      readonly task: string;
      readonly targetGroupArn: string;
      readonly port: number;
    }
  | {
      readonly kind: 'deregister';
      readonly task: string;
      readonly targetGroupArn: string;
      readonly port: number;
    }
  /** A listener rule sends its requests to these target groups from now on. */
  | {
      readonly kind: 'shift';
      readonly rule: string;
      readonly groups: readonly { readonly targetGroupArn: string; readonly weight: number }[];
    };

export interface Context {
  readonly now: number;
  readonly names: Names;
  readonly room: Room;
  /** Whether a CloudWatch alarm of this name is in ALARM now. */
  inAlarm(name: string): boolean;
  /** Whether a listener rule sends to a target group, with whatever weight. */
  sendsTo(rule: string, targetGroupArn: string): boolean;
}

/** What is left for tasks in the region. */
export interface Room {
  /** Whether something that is not this service's has the address. */
  taken(address: string): boolean;
  /** How many addresses of a subnet this service may have in all. */
  capacity(subnet: Subnet): number;
  /** Why no task can be placed now, in the words of a service event; undefined where one can. */
  readonly shortage: string | undefined;
  /** The same for one more task of a definition, beside these tasks of the service's own: definitions of each. */
  beyondQuota(definition: string, own: readonly string[]): string | undefined;
}

/** Where new identifiers come from. */
export interface Names {
  /** 19 digits, of a service revision. */
  digits(): string;
  /** Lower-case hexadecimal. */
  hex(length: number): string;
  /** 21 letters, digits, `-` and `_`, of a service deployment. */
  short(): string;
  uuid(): string;
}
