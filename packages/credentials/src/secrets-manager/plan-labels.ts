import { PREVIOUS } from '@tenant-delivery/rotation/escrow';
import { roundOf } from './progress.ts';
import { act, type SecretsManagerMove, type Sight } from './sight.ts';

const KEPT = /^td-keep-/;

/**
 * Versions that a revision of a service or a task names. Secrets Manager deletes one without a label some day, and then
 * no task that names it can start.
 */
function namedVersions({ seen }: Pick<Sight, 'seen'>): ReadonlySet<string> {
  return new Set([...seen.services, ...seen.tasks].flatMap(({ uses }) => uses.pins));
}

/** Gives a label to each version that a revision names and that has no lasting label. */
export function planLabels(sight: Sight): SecretsManagerMove | undefined {
  const { progress, secret, current } = sight;
  const round = roundOf(progress);
  // AWSPREVIOUS moves on as soon as another version becomes current
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

/** Whether the version that this round asked for is current already, even if the journal does not say so yet. */
function isOurs({ progress, current }: Sight): boolean {
  const { version, rotates } = roundOf(progress);
  return current === version || rotates.some((asked) => asked.version === current);
}

/** Takes our label off a version that no revision names any more. */
export function unneededLabel(sight: Sight): SecretsManagerMove | undefined {
  const named = namedVersions(sight);
  for (const { id, stages } of sight.secret.versions) {
    const label = stages.find((stage) => KEPT.test(stage));
    if (label !== undefined && !named.has(id)) return act(sight, { do: 'release', version: id, label });
  }
  return undefined;
}
