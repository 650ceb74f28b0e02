import { HOUR } from '@tenant-delivery/domain';
import {
  bringAll,
  missingConsumers,
  promote,
} from '@tenant-delivery/rotation/distribution/plan-distribution';
import { planDrain } from '@tenant-delivery/rotation/distribution/plan-drain';
import { planEmptying } from '@tenant-delivery/rotation/distribution/plan-probes';
import { freshProof } from '@tenant-delivery/rotation/distribution/plan-proof';
import { cadencesOf, closedWindow, consumersOf } from '@tenant-delivery/rotation/distribution/sight';
import type { ObservedEscrow } from '@tenant-delivery/rotation/distribution/snapshot';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan, Station } from '@tenant-delivery/rotation/plan';
import { noUseWindow } from '@tenant-delivery/rotation/policy';
import { besideClaim, wait } from '@tenant-delivery/rotation/steps-taken';
import type { GithubAppKeyFact, Note, Step } from './facts.ts';
import type { SeenKey, Snapshot } from './observe.ts';
import { planOpening } from './plan-opening.ts';
import { type GithubAppKeyMove, planStaged } from './plan-staged.ts';
import type { GithubAppKeyPolicy } from './policy.ts';
import { type Progress, progressOf } from './progress.ts';
import { hold } from './reasons.ts';

/** What comes next for the private key of an App, and the stations after it. Pure: the same facts give the same answer. */
export function planGithubAppKey(
  seen: Snapshot,
  journal: Journal<GithubAppKeyFact>,
  policy: GithubAppKeyPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const open = progress && !progress.closed ? progress : undefined;
  const next = open ? planOpen(seen, open, policy, now, process) : planOpening(seen, policy, now);
  return { next, road: roadAhead(seen, open, policy, now) };
}

function planOpen(
  seen: Snapshot,
  progress: Progress,
  policy: GithubAppKeyPolicy,
  now: number,
  process: string,
): GithubAppKeyMove {
  const waiting = besideClaim(progress, process, now);
  if (waiting) return waiting;
  const { app, old, oldVersion } = progress.opened;
  if (String(seen.app) !== app)
    return hold(
      'ROTATION_INTERFERED',
      `This rotation was opened for the App ${app}, and the credential is of the App ${seen.app} now.`,
    );
  if (policy.wish === 'compromise' && !progress.compromised)
    return { kind: 'note', note: { kind: 'compromised', key: old } };
  const { escrow } = seen;
  if (escrow.kind !== 'usable')
    return hold('ROTATION_ESCROW', `${seen.secret} ${escrow.kind === 'absent' ? 'is gone' : escrow.why}.`);
  // what was brought a moment ago was looked at as the pending one
  const created = [escrow.created, escrow.pending, escrow.current].find(
    (one) => one !== undefined && one.version === progress.created?.version,
  );
  if (!created?.held || created.held.key !== progress.created?.key || created.held.of !== seen.app)
    return planStaged(seen, escrow, progress, now);
  if (progress.provedAt === undefined) return { kind: 'prove', version: created.version };
  const labels: ObservedEscrow = {
    kind: 'usable',
    current: escrow.current && { version: escrow.current.version, key: escrow.current.held?.key },
    versions: [],
    pending: escrow.pending?.version,
  };
  const sight = { seen: { consumers: seen.consumers, escrow: labels }, progress, policy, now };
  const missing = missingConsumers(sight);
  if (missing) return missing;
  const held = progress.promotedAt === undefined && labels.current?.version !== created.version;
  const promoting =
    (held ? closedWindow(sight) : undefined) ??
    promote(sight, { inEscrow: progress.staged > 1 ? undefined : old });
  if (promoting) return promoting;
  const bringing = bringAll(sight, consumersOf(sight), { away: false });
  if (bringing?.kind === 'wait') return overdue(sight, seen, bringing.why) ?? asked(seen, progress, now);
  if (bringing) return bringing;
  if (!progress.gone) return planEnd(sight, seen, escrow.old, oldVersion);
  const deviations = progress.gone.early
    ? ['the old key was deleted before every consumer had shown the new one']
    : [];
  const key = created.held.key;
  return planEmptying(sight) ?? { kind: 'note', note: { kind: 'closed', key, deviations } };
}

type Sight = Parameters<typeof planDrain>[0] & {
  readonly progress: Progress;
  readonly policy: GithubAppKeyPolicy;
};

/** Who has to take the new key, and how they say so. */
function asked(
  { secret }: Snapshot,
  { created, consumers, opened }: Progress,
  now: number,
): GithubAppKeyMove {
  const left = opened.consumers.filter((id) => !consumers.get(id)?.attested);
  const said = left.map((id) => `${id.replace(/^external:/, '')}=${created?.key}`);
  return wait(
    now + HOUR,
    `Let ${left.join(' and ')} take the new key from ${secret}, then run again with \`acknowledge: ${said.join(' ')}\`.`,
  );
}

/** The old key's end, which a person makes and GitHub confirms. */
function planEnd(sight: Sight, seen: Snapshot, old: SeenKey | undefined, version: string): GithubAppKeyMove {
  const { progress, policy, now } = sight;
  const { old: key } = progress.opened;
  if (!old?.held)
    return hold(
      'ROTATION_ESCROW',
      `${seen.secret} has lost the old key ${key} (version ${version}), so that nobody can prove that it was deleted.`,
    );
  const since = Math.max(progress.promotedAt ?? now, progress.attestedAt ?? 0);
  const window = noUseWindow(policy, cadencesOf(seen.consumers));
  const drained = progress.compromised || now >= since + window;
  if (old.held.of === 'rejected') return { kind: 'note', note: { kind: 'gone', key, early: !drained } };
  if (!progress.compromised) {
    const undrained = planDrain(sight, { key, since, window, facts: [] });
    if (undrained) return undrained;
  }
  const fresh = freshProof(sight);
  if (fresh) return fresh;
  const ask = `Delete the private key ${old.held.shown} on the settings page of the GitHub App ${seen.app}: nobody needs it any more.`;
  return overdue(sight, seen, ask) ?? wait(now + HOUR, ask);
}

/** People are not hurried, but somebody hears of it when they take longer than was agreed. */
function overdue(
  { progress, policy, now }: Sight,
  { app }: Snapshot,
  facts: string,
): GithubAppKeyMove | undefined {
  const since = progress.cutOverAt ?? now;
  if (now < since + policy.drainDeadline) return undefined;
  return hold('ROTATION_DRAIN_OVERDUE', `The old key of the App ${app} is still there.`, [facts]);
}

/** The stations that are left, each with the earliest time at which it can be reached. */
function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: GithubAppKeyPolicy,
  now: number,
): readonly Station[] {
  const stations: Station[] = [];
  const add = (what: string, earliest: number, touches: readonly string[] = []) =>
    stations.push({ what, earliest: Math.max(earliest, now), touches });
  const ids = seen.consumers.map(({ id }) => id);
  const current = seen.escrow.kind === 'usable' ? seen.escrow.current : undefined;
  const urgent = progress ? progress.compromised : policy.wish === 'compromise';
  const due = progress || policy.wish || !current ? now : current.createdAt + policy.maxAge;
  const begun = Math.max(due, urgent ? 0 : (policy.closedUntil ?? 0));
  if (!progress?.created) add('a person makes a key and brings it to escrow', begun);
  if (progress?.provedAt === undefined) add('prove the key at GitHub', begun);
  if (progress?.promotedAt === undefined) add('make it the current one in escrow', begun);
  const left = ids.filter((id) => !progress?.consumers.get(id)?.attested);
  if (left.length > 0) add('each consumer takes the key and says so', begun, left);
  const drain = urgent ? 0 : noUseWindow(policy, cadencesOf(seen.consumers));
  const since = Math.max(begun, progress?.promotedAt ?? 0, progress?.attestedAt ?? 0);
  if (!progress?.gone) add('a person deletes the old key, and GitHub confirms it', since + drain);
  return stations;
}
