import { CURRENT, type DatedVersion } from '@tenant-delivery/rotation/escrow';
import type { ObservedService, ObservedTask, References, TaskSecretState } from './ports.ts';

/** Everything that a plan rests on, all of it observed. */
export interface Snapshot {
  readonly caller: { readonly account: string; readonly arn: string };
  readonly secret: TaskSecretState;
  readonly services: readonly ObservedService[];
  readonly tasks: readonly ObservedTask[];
  /** What CloudTrail says of the rotation that is under way. */
  readonly failure: string | undefined;
}

export type UsableSecret = Extract<TaskSecretState, { kind: 'usable' }>;

export function labelled({ versions }: UsableSecret, label: string): DatedVersion | undefined {
  return versions.find(({ stages }) => stages.includes(label));
}

export function currentOf(secret: UsableSecret): DatedVersion | undefined {
  return labelled(secret, CURRENT);
}

/**
 * A version on its way to tasks. `since`: tasks that start after this time read it as the current one; `undefined` if
 * it is not current.
 */
export interface Brought {
  readonly version: string;
  readonly since: number | undefined;
}

/** Whether the service needs a new revision to get the version. */
export function needsRevision(uses: References, { version }: Brought, pinning: boolean): boolean {
  return uses.pins.some((pin) => pin !== version) || (pinning && uses.loose);
}

/** Whether the task has read this version and no other. */
export function holds({ uses, createdAt }: ObservedTask, { version, since }: Brought): boolean {
  const current = since !== undefined && createdAt > since;
  return uses.pins.every((pin) => pin === version) && (current || !(uses.loose || uses.fixed));
}
