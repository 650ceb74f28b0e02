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

/** A version that is on its way to tasks: since when those that start read it as the current one; `undefined` when they do not. */
export interface Brought {
  readonly version: string;
  readonly since: number | undefined;
}

/** What runs must become another revision to have the version. */
export function needsRevision(uses: References, { version }: Brought, pinning: boolean): boolean {
  return uses.pins.some((pin) => pin !== version) || (pinning && uses.loose);
}

/** The task has read this version, and no other. */
export function holds({ uses, createdAt }: ObservedTask, { version, since }: Brought): boolean {
  const current = since !== undefined && createdAt > since;
  return uses.pins.every((pin) => pin === version) && (current || !(uses.loose || uses.fixed));
}
