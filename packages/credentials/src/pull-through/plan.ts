import { HOUR } from '@tenant-delivery/domain';
import { closedWindow } from '@tenant-delivery/rotation/change-window';
import { PENDING } from '@tenant-delivery/rotation/escrow';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan, Station } from '@tenant-delivery/rotation/plan';
import { besideClaim, found, wait } from '@tenant-delivery/rotation/steps-taken';
import type { Note, PullThroughFact, Step } from './facts.ts';
import { planOpening } from './plan-opening.ts';
import { APART, type PullThroughPolicy, REFUSALS, SETTLE } from './policy.ts';
import { type Progress, progressOf, type Validation } from './progress.ts';
import { hold } from './reasons.ts';
import { act, fingerprintIn, type PullThroughMove, type Sight } from './sight.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What comes next for the credential of an upstream registry, and the stations after it. Pure: the same facts give the
 * same answer.
 */
export function planPullThrough(
  seen: Snapshot,
  journal: Journal<PullThroughFact>,
  policy: PullThroughPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const open = progress !== undefined && progress.closed === undefined;
  const next = open
    ? (besideClaim(progress, process, now) ?? planOpen(seen, progress, policy, now))
    : planOpening(seen, policy, now);
  return { next, road: roadAhead(seen, open ? progress : undefined, policy, now) };
}

function planOpen(
  seen: Snapshot,
  progress: Progress,
  policy: PullThroughPolicy,
  now: number,
): PullThroughMove {
  const { secret, rules, caller } = seen;
  const { opened } = progress;
  if (opened.secret !== policy.secret || opened.account !== caller.account)
    return hold(
      'ROTATION_INTERFERED',
      `This rotation was opened for ${opened.secret} of account ${opened.account}.`,
    );
  if (secret.kind === 'absent') return hold('ROTATION_ESCROW', `The secret ${policy.secret} is gone.`);
  if (secret.kind === 'unusable')
    return hold('ROTATION_ESCROW', `The secret ${policy.secret} ${secret.why}.`);
  if (!rules.some(({ prefix }) => prefix === policy.prefix))
    return hold('ROTATION_CACHE_RULE', `No rule ${policy.prefix} signs in with ${policy.secret} any more.`);
  if (policy.wish === 'compromise' && !progress.compromised)
    return { kind: 'note', note: { kind: 'compromised' } };
  const sight = { seen, secret, progress, policy, now };
  if (progress.promotedAt !== undefined) return tried(sight, progress.promotedAt);
  return progress.returned ? refusedUpstream(sight, progress.returned) : promote(sight);
}

/** The version that its owner has staged becomes current, because ECR tries only the current one. */
function promote(sight: Sight): PullThroughMove {
  const { secret, progress, policy, now } = sight;
  const { candidate, holds } = progress;
  const { current, staged } = secret;
  const step = { do: 'promote', version: candidate, from: holds } as const;
  if (current?.id === candidate) return found(step);
  if (current?.id !== holds) return foreign(sight, holds);
  if (!staged)
    return hold('ROTATION_VALUE_AWAITED', `The credential that was staged has lost its label ${PENDING}.`);
  if (staged.id !== candidate) return { kind: 'note', note: { kind: 'staged', version: staged.id } };
  return closedWindow(policy, now, progress.compromised) ?? act(sight, step);
}

function foreign({ secret }: Sight, expected: string): PullThroughMove {
  return hold('ROTATION_INTERFERED', 'Somebody else changed which credential is current.', [
    `version ${secret.current?.id ?? 'none'} is current, and ${expected} was expected`,
  ]);
}

/** The new version is current. ECR tries it, again and again, until its owner has revoked the old one. */
function tried(sight: Sight, promotedAt: number): PullThroughMove {
  const { secret, progress, policy, seen, now } = sight;
  const { candidate, opened, validations, drainedAt, revokedAt } = progress;
  const old = fingerprintIn(sight, opened.old);
  const key = fingerprintIn(sight, candidate);
  const undoing = progress.unended.get('back');
  if (secret.current?.id === opened.old && undoing) return found(undoing);
  if (secret.current?.id !== candidate) return foreign(sight, candidate);
  const refused = validations.slice(validations.findLastIndex(({ valid }) => valid) + 1);
  const last = refused.at(-1);
  if (last && refused.length < REFUSALS)
    return now < last.at + APART ? wait(last.at + APART, `ECR was refused: ${last.said}`) : prove(candidate);
  if (last && drainedAt !== undefined) return lost(sight, last);
  if (last) return act(sight, { do: 'back', version: opened.old, from: candidate, because: last.said });
  if (now < promotedAt + SETTLE) return wait(promotedAt + SETTLE, 'ECR may not yet read the new credential');
  const seenAt = validations.at(-1)?.at;
  if (seenAt === undefined) return prove(candidate);

  const drained = promotedAt + (progress.compromised ? 0 : policy.drain);
  if (now < drained)
    return now < seenAt + policy.probeEvery
      ? wait(Math.min(drained, seenAt + policy.probeEvery), 'the old credential may still be in use')
      : prove(candidate);
  if (drainedAt === undefined)
    return seenAt < drained ? prove(candidate) : { kind: 'note', note: { kind: 'drained', key: old } };
  if (revokedAt === undefined) {
    if (seen.acknowledged?.key === old)
      return { kind: 'note', note: { kind: 'revoked', key: old, by: seen.acknowledged.by } };
    return wait(now + HOUR, `its owner revokes the credential ${old} upstream, and acknowledges ${old}`);
  }
  if (secret.current.stages.includes(PENDING) && !progress.settled)
    return act(sight, { do: 'settle', version: candidate });
  return { kind: 'note', note: { kind: 'closed', key } };
}

/** The old credential may be revoked, so it cannot come back. Its owner has to stage another one. */
function lost({ secret, progress, now }: Sight, { at, said }: Validation): PullThroughMove {
  const { staged } = secret;
  const { candidate } = progress;
  if (staged && staged.id !== candidate)
    return { kind: 'note', note: { kind: 'staged', version: staged.id } };
  if (now >= at + HOUR) return prove(candidate);
  return hold('ROTATION_UPSTREAM_LOST', 'The upstream registry takes the current credential no longer.', [
    `version ${candidate} is current: ${said}`,
  ]);
}

/** The previous version is current again, until its owner stages another one. */
function refusedUpstream(
  sight: Sight,
  { at, because }: { readonly at: number; readonly because: string },
): PullThroughMove {
  const { secret, progress, now } = sight;
  const { candidate, opened, validations } = progress;
  if (secret.current?.id !== opened.old) return foreign(sight, opened.old);
  const { staged } = secret;
  if (staged && staged.id !== candidate)
    return { kind: 'note', note: { kind: 'staged', version: staged.id } };
  if (now < at + SETTLE) return wait(at + SETTLE, 'ECR may not read the previous credential yet');
  const last = validations.at(-1);
  const again = last && !last.valid && validations.length < REFUSALS;
  if (again && now < last.at + APART) return wait(last.at + APART, `ECR was refused: ${last.said}`);
  if (!last || again) return prove(opened.old);
  const [is, was] = [fingerprintIn(sight, opened.old), fingerprintIn(sight, candidate)];
  if (!last.valid)
    return hold('ROTATION_UPSTREAM_LOST', `The upstream registry takes neither ${was} nor ${is}.`, [
      because,
      last.said,
    ]);
  return hold(
    'ROTATION_UPSTREAM_REFUSED',
    `The upstream registry does not take the credential ${was}; ${is} is current again.`,
    [because],
  );
}

function prove(version: string): PullThroughMove {
  return { kind: 'prove', version };
}

function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: PullThroughPolicy,
  now: number,
): readonly Station[] {
  const current = seen.secret.kind === 'usable' ? seen.secret.current : undefined;
  const touches = seen.rules.map(({ prefix }) => prefix);
  const due = progress || policy.wish || !current ? now : current.createdAt + policy.maxAge;
  const begin = Math.max(now, due, progress?.compromised ? 0 : (policy.closedUntil ?? 0));
  const drained = (progress?.promotedAt ?? begin) + (progress?.compromised ? 0 : policy.drain);
  return [
    ...(progress?.promotedAt === undefined
      ? [
          {
            what: 'make the staged credential current, and let ECR sign in with it',
            earliest: begin,
            touches,
          },
        ]
      : []),
    { what: 'have its owner revoke the old one upstream', earliest: Math.max(now, drained), touches },
  ];
}
