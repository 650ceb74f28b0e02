import { MINUTE } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault';
import type { GivenContracted } from '../request/read-given.ts';
import type { DeployOptions } from './deploy.ts';

/** How a deploy is gone about, as its inputs say. */
export type DeployInputs = Pick<
  GivenContracted,
  'timeout-minutes' | 'if-in-progress' | 'on-failure' | 'on-cancel' | 'resume' | 'hook' | 'retention'
>;

export function deployOptionsOf(
  given: DeployInputs,
  startedAt: number,
): Pick<DeployOptions, 'deadline' | 'onFailure' | 'onCancel' | 'resume'> {
  const { resume, hook } = given;
  return {
    deadline: startedAt + given['timeout-minutes'] * MINUTE,
    onFailure: given['on-failure'],
    onCancel: given['on-cancel'],
    resume: resume !== undefined && hook !== undefined ? { hook, action: resume } : undefined,
  };
}

/** A client token of RunTask, at most 64 characters, that is the same for the same facts. */
export function migrationKey(facts: readonly string[]): string {
  return `td-${digestOf(facts.join('\n')).slice('sha256:'.length, 'sha256:'.length + 60)}`;
}
