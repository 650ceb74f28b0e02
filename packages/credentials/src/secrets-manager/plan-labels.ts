import { PREVIOUS } from '@tenant-delivery/rotation/escrow';
import { roundOf } from './progress.ts';
import { act, type SecretsManagerMove, type Sight } from './sight.ts';

const KEPT = /^td-keep-/;

/** Versions that a revision of a service or a task names. One without a label vanishes some day, and then nothing starts that names it. */
function namedVersions({ seen }: Pick<Sight, 'seen'>): ReadonlySet<string> {
  return new Set([...seen.services, ...seen.tasks].flatMap(({ uses }) => uses.pins));
}

/** A label for each version that is named and has none that lasts. */
export function planLabels(sight: Sight): SecretsManagerMove | undefined {
  const { progress, secret, current } = sight;
  const round = roundOf(progress);
  // AWSPREVIOUS moves on when the current version does once more
  const coming = round.kind !== 'follow' && round.promotedAt === undefined && !isOurs(sight);
  const moves = progress.ahead.length > 0 || coming;
  const named = namedVersions(sight);
  for (const { id, stages } of secret.versions) {
    const lasting = stages.filter((stage) => stage !== PREVIOUS || !moves);
    if (named.has(id) && id !== current && id !== round.version && lasting.length === 0)
      return act(sight, { do: 'keep', version: id, label: `td-keep-${id}` });
  }
  return undefined;
}

/** What this round asked for is current already, and nobody has written it down yet. */
function isOurs({ progress, current }: Sight): boolean {
  const { version, rotates } = roundOf(progress);
  return current === version || rotates.some((asked) => asked.version === current);
}

/** A label of ours on a version that nothing names any more. */
export function unneededLabel(sight: Sight): SecretsManagerMove | undefined {
  const named = namedVersions(sight);
  for (const { id, stages } of sight.secret.versions) {
    const label = stages.find((stage) => KEPT.test(stage));
    if (label !== undefined && !named.has(id)) return act(sight, { do: 'release', version: id, label });
  }
  return undefined;
}
