import { evidenceIn, readDocument } from '@tenant-delivery/delivery/change';
import { deployedChanges } from '@tenant-delivery/delivery/earlier-changes';
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
  const deployed = await deployedChanges(world, admission.target);
  const approved = async (id: string, events: readonly ChangeEvent[]) => {
    const digest = evidenceIn(events, 'approvals');
    return digest ? (await readDocument(world, id, 'approvals', digest, Approvals)).commits : [];
  };
  const from = deployed.findIndex(({ id }) => id === upTo);
  const older = from < 0 ? [] : deployed.slice(from + 1);
  const known = older.findIndex(({ event }) => event.subject.digest.sha256 === imageHere);
  const brought = [upTo, ...older.slice(0, known < 0 ? older.length : known).map(({ id }) => id)];
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
  return { since: older[known]?.id ?? null, commits: [...commits.values()] };
}
