import { AwsError } from '../world/service.ts';
import type { Secret } from './state.ts';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

const LABELS = 20; // of one version ("AWS Secrets Manager quotas")

/** The version that has a staging label. A label is on one version at most. */
export function labelled(secret: Secret, stage: string): string | undefined {
  return Object.entries(secret.versions).find(([, { stages }]) => stages.includes(stage))?.[0];
}

/** Puts a label on a version and takes it from any other. The version that was current becomes the previous one. */
export function moveLabel(secret: Secret, stage: string, to: string | undefined): void {
  const from = labelled(secret, stage);
  if (from === to) return;
  for (const version of Object.values(secret.versions))
    version.stages = version.stages.filter((known) => known !== stage);
  const target = to === undefined ? undefined : secret.versions[to];
  if (target) target.stages.push(stage);
  if (target && target.stages.length > LABELS)
    throw new AwsError('LimitExceededException', `A version can have ${LABELS} staging labels at most.`);
  if (stage === CURRENT && from !== undefined) moveLabel(secret, PREVIOUS, from);
}

/** Versions without a label may go: Secrets Manager keeps about a hundred, and none younger than a day is dropped. */
export function dropDeprecated(secret: Secret, now: number): void {
  const all = Object.entries(secret.versions);
  const old = all.filter(
    ([, { stages, createdAt = 0 }]) => stages.length === 0 && createdAt < now - 86_400_000,
  );
  for (const [id] of old.slice(0, Math.max(0, all.length - 100))) delete secret.versions[id];
}
