import { HOUR } from '@tenant-delivery/domain';
import { CURRENT, PENDING, PREVIOUS } from '@tenant-delivery/rotation/escrow';
import type { Journal } from '@tenant-delivery/rotation/journal';
import type { Plan, Station } from '@tenant-delivery/rotation/plan';
import { besideClaim, found, wait } from '@tenant-delivery/rotation/steps-taken';
import type { Note, Step, VpnPskFact } from './facts.ts';
import { planOpening } from './plan-opening.ts';
import { planTunnel } from './plan-tunnel.ts';
import { STEADY, type VpnPskPolicy } from './policy.ts';
import { type Progress, progressOf, tunnelProgress } from './progress.ts';
import { hold } from './reasons.ts';
import { act, type Sight, type VpnPskMove } from './sight.ts';
import type { Snapshot } from './snapshot.ts';
import { sayTunnel } from './steady.ts';

/**
 * What comes next for the keys of a VPN connection, and the stations after it. Pure: the same facts give the same
 * answer.
 */
export function planVpnPsk(
  seen: Snapshot,
  journal: Journal<VpnPskFact>,
  policy: VpnPskPolicy,
  now: number,
  process: string,
): Plan<Step, Note> {
  const progress = progressOf(journal);
  const open = progress !== undefined && progress.closed === undefined;
  const next = open
    ? (besideClaim(progress, process, now) ?? planOpen(seen, progress, policy, now, process))
    : planOpening(seen, policy, now);
  return { next, road: roadAhead(seen, open ? progress : undefined, policy, now) };
}

function planOpen(
  seen: Snapshot,
  progress: Progress,
  policy: VpnPskPolicy,
  now: number,
  process: string,
): VpnPskMove {
  const { connection, escrow, caller } = seen;
  const { opened } = progress;
  if (connection?.id !== opened.connection || caller.account !== opened.account)
    return hold(
      'ROTATION_INTERFERED',
      `This rotation was opened for ${opened.connection} of account ${opened.account}.`,
      [`the connection is ${connection?.id ?? 'not there'}, of account ${caller.account}`],
    );
  const outside = connection.tunnels.map((tunnel) => tunnel.outside);
  if (outside.toSorted().join() !== opened.tunnels.toSorted().join())
    return hold(
      'ROTATION_INTERFERED',
      'The tunnels have other addresses than when this began.',
      connection.tunnels.map(sayTunnel),
    );
  if (connection.peer !== policy.peer)
    return hold('ROTATION_VPN', `${connection.id} goes to ${connection.peer} now, not to ${policy.peer}.`);
  if (escrow.kind === 'absent') return hold('ROTATION_ESCROW', 'The escrow secret is gone.');
  if (escrow.kind === 'unusable') return hold('ROTATION_ESCROW', `The escrow secret ${escrow.why}.`);
  if (policy.wish === 'compromise' && !progress.compromised)
    return { kind: 'note', note: { kind: 'compromised' } };
  const { versions, current } = escrow;
  const sight = { seen, connection, versions, current, progress, policy, now, process };
  return inEscrow(sight) ?? changing(sight) ?? retiring(sight);
}

/** Both new keys, before anything else. */
function inEscrow(sight: Sight): VpnPskMove | undefined {
  const { progress, versions } = sight;
  const step = { do: 'escrow', version: progress.version } as const;
  const held = versions.find(({ version }) => version === progress.version);
  if (!held && progress.escrowed)
    return hold('ROTATION_INTERFERED', `Escrow no longer has the version ${progress.version}.`);
  if (!held) return act(sight, step);
  const missing = progress.opened.tunnels.filter((tunnel) => held.keys?.[tunnel] === undefined);
  if (missing.length > 0)
    return hold('ROTATION_INTERFERED', `Escrow's version ${held.version} has no key for ${missing.join()}.`);
  return progress.escrowed ? undefined : found(step);
}

/** One tunnel after the other. */
function changing(sight: Sight): VpnPskMove | undefined {
  const { connection, progress } = sight;
  for (const outside of progress.opened.tunnels) {
    const tunnel = connection.tunnels.find((one) => one.outside === outside);
    const other = connection.tunnels.find((one) => one.outside !== outside);
    if (!tunnel || !other) throw new TypeError('the tunnels were looked at before');
    const next = planTunnel(sight, tunnel, other);
    if (next) return next;
  }
  return undefined;
}

/** The new keys become the current ones, and the old ones go after the grace. */
function retiring(sight: Sight): VpnPskMove {
  const { progress, policy, now, current, versions, connection } = sight;
  const { version, promotedAt } = progress;
  const { previous } = progress.opened;
  if (promotedAt === undefined) {
    const step = { do: 'promote', version, from: current?.version ?? null } as const;
    if (current?.version === version) return found({ ...step, from: previous });
    if ((current?.version ?? null) !== previous)
      return hold('ROTATION_INTERFERED', 'Somebody put other keys into escrow while these were installed.', [
        `${CURRENT} is ${current?.version ?? 'on no version'}, and was ${previous ?? 'on none'}`,
      ]);
    return act(sight, step);
  }
  if (current?.version !== version)
    return hold('ROTATION_INTERFERED', `Escrow was promoted to ${version} and says ${current?.version}.`);
  if (current.stages.includes(PENDING) && !progress.settled) return act(sight, { do: 'settle', version });
  const old = versions.find((one) => one.version === previous);
  if (previous !== null && old?.stages.includes(PREVIOUS) && !progress.forgotten) {
    const until = promotedAt + policy.grace;
    if (now < until) return wait(until, 'the previous keys are kept for the grace');
    const young = connection.tunnels.find(({ up, since }) => !up || now < since + STEADY);
    if (young) return wait(now + HOUR, `the way back stays while ${sayTunnel(young)}`);
    return act(sight, { do: 'forget', version: previous });
  }
  return { kind: 'note', note: { kind: 'closed', deviations: progress.deviations } };
}

function roadAhead(
  seen: Snapshot,
  progress: Progress | undefined,
  policy: VpnPskPolicy,
  now: number,
): readonly Station[] {
  const current = seen.escrow.kind === 'usable' ? seen.escrow.current : undefined;
  const due = progress || policy.wish || !current ? now : current.createdAt + policy.maxAge;
  const begin = Math.max(due, now, policy.closedUntil ?? 0);
  const outside = seen.connection?.tunnels.map((tunnel) => tunnel.outside) ?? [];
  const left = outside.filter(
    (tunnel) => !progress || tunnelProgress(progress, tunnel).provedAt === undefined,
  );
  const stations = left.map((tunnel, index) => ({
    what: 'put the new key into one tunnel, after the customer has it ready, and see it hold',
    earliest: begin + index * policy.soak,
    touches: [tunnel],
  }));
  const promoted = progress?.promotedAt ?? begin + left.length * policy.soak;
  return [
    ...(progress?.escrowed
      ? []
      : [{ what: 'draw two keys and put them into escrow', earliest: begin, touches: [] }]),
    ...stations,
    { what: 'let the previous keys go', earliest: promoted + policy.grace, touches: outside },
  ];
}
