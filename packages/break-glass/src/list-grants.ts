import { withDoubts } from '@tenant-delivery/rotation/doubts';
import { readJournal } from '@tenant-delivery/rotation/journal';
import type { ChangeRecorder, ServerTime } from '@tenant-delivery/rotation/ports';
import type { Vault } from '@tenant-delivery/vault/ports';
import { accountOf, TOLD } from './account.ts';
import { type BreakGlassFact, countsSigned, readBreakGlassFact, type Used } from './facts.ts';
import type { GrantTrail } from './ports.ts';
import { type Grant, progressOf } from './progress.ts';

/** A grant as a report shows it. */
export interface ListedGrant {
  readonly grant: Grant;
  readonly state: 'open' | 'closing' | 'expired' | 'closed' | 'revoked';
  /** What is known of its use; CloudTrail may tell more of it while `final` is false. */
  readonly used: Used;
  readonly final: boolean;
}

interface GrantReads extends Pick<ChangeRecorder, 'isSignedByItsWriter'> {
  readonly vault: Vault;
  readonly time: ServerTime;
  readonly trail: GrantTrail;
}

const MOST = 20; // the newest: CloudTrail answers two requests a second

/** The grants of the newest part of the record, the newest first, with what was done by them. Changes nothing. */
export async function listGrants(
  journal: string,
  { vault, time, trail, isSignedByItsWriter }: GrantReads,
  meant: (grant: Grant) => boolean = () => true,
): Promise<readonly ListedGrant[]> {
  const read = await readJournal<BreakGlassFact>(vault, journal, readBreakGlassFact);
  const { grants } = progressOf(await withDoubts(read, countsSigned, isSignedByItsWriter));
  const newest = grants.filter(meant).toReversed().slice(0, MOST);
  const listed: ListedGrant[] = [];
  for (const grant of newest) {
    const used = grant.used ?? accountOf(grant, await trail.uses(grant.grant, grant.from));
    const now = time.now();
    const ended = grant.over?.at ?? grant.until;
    listed.push({
      grant,
      used,
      state: stateOf(grant, now),
      final: grant.used !== undefined || now >= ended + TOLD,
    });
  }
  return listed;
}

function stateOf({ over, ending, until }: Grant, now: number): ListedGrant['state'] {
  if (over) return over.how;
  if (ending) return 'closing';
  return now < until ? 'open' : 'expired';
}
