import { iso } from '@tenant-delivery/rotation/times';
import { lastSessionEnds } from './documents.ts';
import { type Grant, openAt } from './progress.ts';
import { letsIn, refuses } from './reading.ts';
import { hold } from './reasons.ts';
import { type BreakGlassMove, note, type Sight } from './sight.ts';

/** What the record calls live or over, AWS's own policies must bear out. */
export function planVerdicts(sight: Sight): BreakGlassMove | undefined {
  const { progress, now } = sight;
  for (const grant of progress.grants) {
    const unfinished = !grant.live && !grant.ending && !grant.over;
    if (unfinished && now < grant.until) {
      const wrong = wrongWithLive(sight, grant);
      if (wrong) return unverified(grant, wrong);
      return note({ kind: 'live', grant: grant.grant });
    }
    if (!grant.ending && !grant.over) continue;
    const wrong = wrongWithOver(sight, grant);
    if (wrong) return unverified(grant, wrong);
    if (grant.ending && !grant.over)
      return note({ kind: 'over', grant: grant.grant, how: grant.ending.why, at: iso(now) });
  }
  return undefined;
}

function wrongWithLive({ seen, role, terms, now }: Sight, grant: Grant): string | undefined {
  const principal = terms.principals.find(({ arn }) => arn === grant.principal);
  const session = { requester: grant.requester, grant: grant.grant, issued: now };
  if (!principal || !letsIn(role.trust, principal, grant.requester, grant.grant, now))
    return 'its requester does not get in';
  if (refuses(seen.guard, session, now)) return 'its requester gets in, and is refused everything';
  if (letsIn(role.trust, principal, grant.requester, grant.grant, grant.until))
    return 'its requester gets in after its end';
  if (letsIn(role.trust, principal, `${grant.requester}-not`, grant.grant, now))
    return 'others than its requester get in';
  return undefined;
}

/** Nobody comes in by it, and no session that it gave goes on. */
function wrongWithOver({ seen, role, terms, progress, now }: Sight, grant: Grant): string | undefined {
  const { requester } = grant;
  const enters = terms.principals.some((one) => letsIn(role.trust, one, requester, grant.grant, now));
  if (enters) return 'its requester still gets in by it';
  const again = openAt(progress.grants, now).some((one) => one.requester === requester);
  // a requester with another open grant may use a session of the ended one until the other grant ends too
  if (again && !grant.ending) return undefined;
  if (again && now >= lastSessionEnds(grant.until)) return undefined;
  const issued = (grant.ending?.at ?? grant.until) - 1;
  if (!refuses(seen.guard, { requester, grant: grant.grant, issued }, now))
    return 'a session that it gave is not refused';
  return undefined;
}

function unverified({ grant, requester }: Grant, what: string): BreakGlassMove {
  return hold('BREAK_GLASS_UNVERIFIED', `Of the grant ${grant} AWS says otherwise than the record.`, [
    `${grant} of ${requester}: ${what}`,
  ]);
}
