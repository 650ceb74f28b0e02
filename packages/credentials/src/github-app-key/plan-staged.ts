import { HOUR } from '@tenant-delivery/domain';
import type { Move } from '@tenant-delivery/rotation/plan';
import { wait } from '@tenant-delivery/rotation/steps-taken';
import type { Note, Step } from './facts.ts';
import type { SeenEscrow, SeenKey, Snapshot } from './observe.ts';
import type { Progress } from './progress.ts';
import { hold } from './reasons.ts';

export type GithubAppKeyMove = Move<Step, Note>;

type Usable = Extract<SeenEscrow, { readonly kind: 'usable' }>;

/** What somebody brought beside the version that is known: as TDPENDING, or straight as the current one. */
export function brought(
  { current, pending }: Usable,
  ...known: readonly (string | undefined)[]
): SeenKey | undefined {
  return [pending, current].find((one) => one !== undefined && !known.includes(one.version));
}

/**
 * Until somebody has brought a key that GitHub says is the App's, also in place of one that was deleted meanwhile. Says
 * what a person does next.
 */
export function planStaged(
  seen: Snapshot,
  escrow: Usable,
  progress: Progress,
  now: number,
): GithubAppKeyMove {
  const { app, secret } = seen;
  const { old, oldVersion } = progress.opened;
  const { created } = progress;
  const staged = brought(escrow, oldVersion, created?.version);
  if (!staged && created)
    return hold(
      'ROTATION_KEY_GONE',
      `The new key ${created.key} is no longer what ${secret} and GitHub have.`,
    );
  if (!staged)
    return wait(
      now + HOUR,
      `Make a new private key on the settings page of the GitHub App ${app} (where 25 is the most, delete one that nobody uses first), and put the file unchanged into ${secret} as a version labelled TDPENDING.`,
    );
  const { held, version } = staged;
  if (!held)
    return hold(
      'ROTATION_STAGED_KEY',
      `The version that was brought to ${secret} does not hold an RSA private key in PEM.`,
    );
  if (held.key === old)
    return hold('ROTATION_STAGED_KEY', `What was brought to ${secret} is the old key ${old} again.`);
  if (held.of === 'rejected')
    return hold('ROTATION_STAGED_KEY', `GitHub does not know the key ${held.key} that was brought.`);
  if (held.of !== app)
    return hold(
      'ROTATION_STAGED_KEY',
      `The key ${held.key} that was brought is of the App ${held.of}, not of ${app}.`,
    );
  return { kind: 'note', note: { kind: 'staged', version, key: held.key } };
}
