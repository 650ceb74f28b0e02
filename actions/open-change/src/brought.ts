import { evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
import { LONGEST_CHANGE } from '@tenant-delivery/delivery/past-listing';
import { PromotionSource, RecordedCommit } from '@tenant-delivery/delivery/promotion-source';
import { RollbackTarget } from '@tenant-delivery/delivery/rollback-target';
import { comesFromElsewhere } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { loadChange } from '@tenant-delivery/evidence/record';
import * as v from 'valibot';
import type { Elsewhere } from './ports.ts';

/** The source that a version was built from: a rollback and a promotion deliver what another change built. */
export async function originOf(
  there: Elsewhere,
  id: string,
  events: readonly ChangeEvent[],
): Promise<PromotionSource['origin']> {
  const [first] = events;
  if (!first) throw new TypeError('a record has an event');
  const { kind } = first.change;
  const read = <Schema extends v.GenericSchema>(name: string, schema: Schema) =>
    readDocument(there.world, id, name, evidenceIn(events, name), schema);
  if (kind === 'rollback') {
    const { change } = await read('target', RollbackTarget);
    const { vault, trust } = there.world;
    return originOf(there, change, await loadChange(vault, trust, there.admission.target, change));
  }
  if (comesFromElsewhere(kind)) return (await read('source', PromotionSource)).origin;
  const { repository, repositoryId, sha } = first.run;
  return { repository, repositoryId, revision: sha };
}

const Approvals = v.object({ commits: v.array(RecordedCommit) });

/**
 * The commits of every delivery that touched the other environment since it had the image that runs here now. Their
 * authors may not approve this promotion. Without such a delivery, as far back as its record is read.
 */
export async function commitsBrought(
  { world, admission }: Elsewhere,
  upTo: string,
  imageHere: string | undefined,
): Promise<Pick<PromotionSource, 'since' | 'commits'>> {
  const approved = async (id: string, events: readonly ChangeEvent[]) => {
    const digest = evidenceIn(events, 'approvals');
    return digest ? (await readDocument(world, id, 'approvals', digest, Approvals)).commits : [];
  };
  const brought: string[] = [];
  let since: string | null = null;
  let horizon = Number.NEGATIVE_INFINITY;
  for await (const { id, image, deployedAt = 0 } of deployedChanges(world, admission.target)) {
    if (brought.length === 0 && id !== upTo) continue;
    if (id === upTo) horizon = deployedAt - LONGEST_CHANGE;
    if (deployedAt < horizon) break;
    if (id !== upTo && image === imageHere) since = id;
    if (since !== null) break;
    brought.push(id);
  }
  if (brought.length === 0) brought.push(upTo);
  const recorded = brought.map(async (id) => {
    const events = await loadChange(world.vault, world.trust, admission.target, id);
    const goal = evidenceIn(events, 'target');
    if (goal === undefined) return approved(id, events);
    const { change } = await readDocument(world, id, 'target', goal, RollbackTarget);
    return approved(change, await loadChange(world.vault, world.trust, admission.target, change));
  });
  const commits = new Map<string, RecordedCommit>();
  // the newest record of a commit knows most of it
  for (const commit of (await Promise.all(recorded)).flat())
    if (!commits.has(commit.sha)) commits.set(commit.sha, commit);
  return { since, commits: [...commits.values()] };
}
