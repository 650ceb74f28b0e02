import { PENDING } from '@tenant-delivery/rotation/escrow';
import { escrowVersion } from '@tenant-delivery/rotation/escrow-version';
import { wait } from '@tenant-delivery/rotation/steps-taken';
import { bring, canName } from './plan-services.ts';
import { drain } from './plan-tasks.ts';
import { LOOK_AGAIN, MOST_ROTATES, ROTATE_PATIENCE, SETTLE } from './policy.ts';
import { roundOf } from './progress.ts';
import { hold } from './reasons.ts';
import {
  act,
  asksAgain,
  broughtIn,
  closedWindow,
  note,
  type SecretsManagerMove,
  type Sight,
  sinceCurrent,
} from './sight.ts';
import { labelled } from './snapshot.ts';
import { outage } from './window.ts';

const AWSPENDING = 'AWSPENDING';

/** What is left to do until the round's version is current. `undefined` if it is current. */
export function planValue(sight: Sight): SecretsManagerMove | undefined {
  switch (roundOf(sight.progress).kind) {
    case 'follow':
      return follow(sight);
    case 'rotate':
      return made(sight);
    case 'provided':
      return provided(sight);
  }
}

/** Follows the current version, no matter who made it current. */
function follow({ progress, current }: Sight): SecretsManagerMove | undefined {
  return roundOf(progress).version === current ? undefined : note({ kind: 'chosen', version: current });
}

/** The secret's own function makes the value, and proves it before it makes it current. */
function made(sight: Sight): SecretsManagerMove | undefined {
  const { progress, secret, seen, current, now } = sight;
  const round = roundOf(progress);
  if (round.promotedAt !== undefined) return stillCurrent(sight);
  const asked = round.rotates.at(-1);
  const version = secret.versions.find(({ id }) => id === asked?.version);
  if (asked && version) {
    if (version.id === current) return note({ kind: 'promoted', version: current });
    if (version.stages.includes('AWSPREVIOUS')) return note({ kind: 'chosen', version: current });
    if (version.stages.includes(AWSPENDING)) {
      const facts = [`AWSPENDING is on the version ${version.id}`, ...(seen.failure ? [seen.failure] : [])];
      if (seen.failure !== undefined || now >= asked.at + ROTATE_PATIENCE)
        return hold('ROTATION_STUCK', 'The rotation function did not make the new value current.', facts);
      return wait(now + LOOK_AGAIN, 'the rotation function is at work');
    }
    if (now < asked.at + SETTLE) return wait(asked.at + SETTLE, 'the rotation function is at work');
  }
  if (asked && !version && now < asked.at + SETTLE)
    return wait(asked.at + SETTLE, 'Secrets Manager may not yet tell of the rotation');
  const pending = labelled(secret, AWSPENDING)?.id;
  if (pending !== undefined && pending !== current)
    return hold('ROTATION_STUCK', 'An earlier rotation did not end.', [
      `AWSPENDING is on the version ${pending}`,
    ]);
  if (round.rotates.length >= MOST_ROTATES)
    return hold(
      'ROTATION_STUCK',
      'The rotation function was asked several times, and made no value current.',
    );
  return ready(sight) ?? act(sight, { do: 'rotate', version: tokenFor(sight, asked, version !== undefined) });
}

/** A version that was never seen is asked for again by the same id. A version that failed gets a new id. */
function tokenFor(
  { credential, generation, progress }: Sight,
  asked: { readonly version: string } | undefined,
  seen: boolean,
): string {
  return asked && !seen ? asked.version : escrowVersion(credential, generation, progress.tokens);
}

/** What has to happen before the function may change a login: nobody uses it any more, or its users have agreed. */
function ready(sight: Sight): SecretsManagerMove | undefined {
  const { policy, seen, now } = sight;
  if (policy.strategy === 'single-user')
    return closedWindow(sight) ?? outage(policy, seen, now, sight.progress.compromised);
  const current = sinceCurrent(sight);
  return bring(sight, current, seen.services) ?? drain(sight, current) ?? closedWindow(sight);
}

/** The owner stages the value beside the current one. It becomes current after tasks have shown that it works. */
function provided(sight: Sight): SecretsManagerMove | undefined {
  const { progress, secret, seen, policy, current } = sight;
  const round = roundOf(progress);
  const staged = labelled(secret, PENDING)?.id;
  const other = staged !== undefined && staged !== current && staged !== round.version;
  if (round.version === undefined || (other && current !== round.version))
    return staged === undefined || staged === current
      ? hold('ROTATION_VALUE_AWAITED', 'The value that was staged is no longer there.')
      : note({ kind: 'chosen', version: staged });
  if (current === round.version)
    return round.promotedAt === undefined ? note({ kind: 'promoted', version: current }) : undefined;
  if (current !== progress.opened.current)
    return hold('ROTATION_SECRET_CHANGED', 'Somebody made another version current.', [
      `AWSCURRENT is on ${current}, expected ${round.promotedAt === undefined ? progress.opened.current : round.version}`,
    ]);
  if (round.demoting || round.promotedAt !== undefined) {
    if (round.demoting && asksAgain(sight, round.chosenBy))
      return note({ kind: 'chosen', version: round.version });
    return hold(
      round.demoting ? 'ROTATION_DEPLOY_FAILED' : 'ROTATION_SECRET_CHANGED',
      `The version ${round.version} was current, and ${current} is again.`,
      [...round.changes.values()].map(({ step }) => `${step.service} was given it, by ${step.do}`),
    );
  }
  if (staged !== round.version)
    return hold('ROTATION_SECRET_CHANGED', `Somebody took the label ${PENDING} off ${round.version}.`);
  const naming = seen.services.filter((one) => canName(one, policy));
  const { version } = round;
  // a service that names no version gets the value later; until then any of its tasks counts
  const next =
    (round.changes.size === 0 ? closedWindow(sight) : undefined) ??
    bring(sight, { version, since: 0 }, naming);
  if (next) return next;
  if (naming.length > 0 && !round.proved) return proof(sight);
  return act(sight, { do: 'promote', version, from: current });
}

function proof(sight: Sight): SecretsManagerMove {
  const { version } = broughtIn(sight);
  const shown = [...roundOf(sight.progress).attested].find(
    ([, one]) => one.version === version && one.tasks > 0,
  );
  return shown
    ? note({ kind: 'proved', version, by: `${shown[1].tasks} tasks of ${shown[0]}` })
    : hold('ROTATION_NOT_PROVEN', `No task runs that could show that ${version} works.`);
}

/** Somebody else's later rotation takes this one's place. If an older version came back, a person must explain it. */
function stillCurrent({ progress, current }: Sight): SecretsManagerMove | undefined {
  const { version } = roundOf(progress);
  if (current === version) return undefined;
  const older =
    progress.opened.before.includes(current) || progress.rounds.some((one) => one.version === current);
  return older
    ? hold('ROTATION_SECRET_CHANGED', `Somebody made ${current} current again, in place of ${version}.`)
    : note({ kind: 'chosen', version: current });
}
