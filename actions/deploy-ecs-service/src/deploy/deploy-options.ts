import type { PauseAnswer } from '@tenant-delivery/deployment/follow/pause';
import type { Visibility } from '@tenant-delivery/deployment/follow/visibility';
import type { Service } from '@tenant-delivery/deployment/observed';
import type { HeldLock, ServiceDeployer, TaskRunner } from '@tenant-delivery/deployment/ports';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { MINUTE } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { GivenAlone, GivenContracted } from '../request/read-given.ts';
import type { MigrationRun } from './migrate.ts';

/** What a deploy goes by once it is settled what is to be done, with a contract or without. */
export interface DeployOptions {
  readonly ref: ServiceRef;
  readonly deployer: ServiceDeployer;
  readonly tasks: TaskRunner;
  readonly lock: HeldLock;
  /** On which the service takes requests. */
  readonly port: number;
  /** The service before, as ECS describes it, and the task definition that it ran. */
  readonly service: Service['document'];
  readonly previous: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly onFailure: 'rollback' | 'report';
  readonly onCancel: 'leave' | 'rollback';
  /** Whether the deployment is followed to its end. */
  readonly follows: boolean;
  /** How a deployment goes on that waits at a pause. */
  readonly resume: PauseAnswer | undefined;
  readonly migration: MigrationRun | undefined;
  readonly visibility: Visibility;
}

/** How a deploy is gone about, as its inputs say. */
export type DeployInputs = Pick<
  GivenContracted | GivenAlone,
  'timeout-minutes' | 'if-in-progress' | 'on-failure' | 'on-cancel' | 'wait' | 'resume' | 'hook' | 'retention'
>;

export function deployOptionsOf(
  given: DeployInputs,
  startedAt: number,
): Pick<DeployOptions, 'deadline' | 'onFailure' | 'onCancel' | 'follows' | 'resume'> {
  const { resume, hook } = given;
  return {
    deadline: startedAt + given['timeout-minutes'] * MINUTE,
    onFailure: given['on-failure'],
    onCancel: given['on-cancel'],
    follows: given.wait === 'true',
    resume: resume !== undefined && hook !== undefined ? { hook, action: resume } : undefined,
  };
}

/** A client token of RunTask, at most 64 characters, that is the same for the same facts. */
export function migrationKey(facts: readonly string[]): string {
  return `td-${digestOf(facts.join('\n')).slice('sha256:'.length, 'sha256:'.length + 60)}`;
}
