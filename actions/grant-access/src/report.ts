import type { Outcome } from '@tenant-delivery/action-kit/main';
import { escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { ListedGrant } from '@tenant-delivery/break-glass/list-grants';
import type { BreakGlassTerms } from '@tenant-delivery/break-glass/ports';
import type { Asked, Wish } from '@tenant-delivery/break-glass/wish';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import { reportEnd } from '@tenant-delivery/rotation/outcome';

const DONE: Readonly<Record<Wish['do'], string>> = { open: 'granted', close: 'closed', revoke: 'revoked' };

/** How a run ended that opened or closed grants; of an open one, how its requester gets in. No credential is in it. */
export function reportGrants(
  wish: Wish,
  terms: BreakGlassTerms,
  end: RunEnd,
  listed: readonly ListedGrant[] | undefined,
  now: number,
): Outcome {
  const rows = listed ?? [];
  const what = wish.do === 'open' ? wish.asked.grant : wish.do === 'close' ? wish.grant : wish.requester;
  const grants = rows.map(factsOf);
  const told =
    wish.do === 'open'
      ? []
      : [listed ? grantTable(rows) : 'What was done by grants could not be listed; the log says why.'];
  if (end.outcome !== 'not-due') {
    const { nextEligibleAt: _, ...said } = reportEnd(what, end);
    return { ...said, summary: [said.summary, ...told].join('\n\n'), facts: { ...said.facts, grants } };
  }
  const outcome = DONE[wish.do];
  const steps = wish.do === 'open' ? howTo(wish.asked, terms, now) : [];
  return {
    outcome,
    reasonCode: 'OK',
    ok: true,
    headline:
      wish.do === 'open'
        ? `${what}: ${wish.asked.requester} may assume ${terms.roleArn} for ${wish.asked.minutes} minutes`
        : `${what}: ${outcome}, as AWS's own policies say; sessions from before are refused`,
    facts: { outcome, taken: end.taken, grants },
    summary: [`### Grants: ${escapeMarkdown(what)} ${outcome}`, ...steps, ...told].join('\n\n'),
  };
}

/** The list, with what somebody should look at. */
export function reportList(listed: readonly ListedGrant[]): Outcome {
  const unused = listed.filter(isUnused);
  const open = listed.filter(({ state }) => state === 'open');
  return {
    outcome: 'listed',
    reasonCode: 'OK',
    ok: true,
    headline: `${listed.length} grants, ${open.length} open, ${unused.length} ended unused; nothing was changed`,
    facts: { grants: listed.map(factsOf) },
    summary: `### Grants\n\n${grantTable(listed)}`,
  };
}

function howTo(
  { grant, requester, principal, minutes }: Asked,
  { roleArn, principals }: BreakGlassTerms,
  now: number,
): readonly string[] {
  const own = principals.find(({ arn }) => arn === principal);
  const until = now + minutes * 60_000; // the record has the exact end, a few seconds earlier
  const seconds = Math.min(3600, Math.max(900, minutes * 60)); // as STS allows for a role by a role
  return [
    `${escapeMarkdown(requester)} gets in as ${escapeMarkdown(principal)} until ${iso(until)} at the latest:`,
    [
      '```sh',
      `aws sts assume-role --role-arn ${roleArn} --role-session-name ${grant}${
        own?.knownBy === 'source-identity' ? '' : ` --source-identity ${requester}`
      } --duration-seconds ${seconds}`,
      '```',
    ].join('\n'),
    'A session may seem to last longer; it is refused everything from then on.',
  ];
}

function grantTable(listed: readonly ListedGrant[]): string {
  if (listed.length === 0) return 'There are no grants.';
  const rows = listed.map((row) => {
    const { grant, state, used, final } = row;
    const calls = `calls: ${used.calls}${final ? '' : ' so far'}`;
    return [
      [state, grant.grant],
      [grant.requester, `for ${grant.incident}`, `approved by ${grant.approvers.join(', ')}`],
      [`${utcOf(grant.from)} to`, utcOf(grant.over?.at ?? grant.ending?.at ?? grant.until)],
      isUnused(row)
        ? ['unused']
        : [`last use: ${used.last || 'not yet'}`, calls, `writes: ${used.writes.join(', ') || 'none'}`],
    ].map((lines) => lines.map(escapeMarkdown).join('<br>'));
  });
  return table(['state, grant', 'who and why', 'when', 'what was done'], rows);
}

function isUnused({ used, final }: ListedGrant): boolean {
  return final && used.last === '';
}

function factsOf(row: ListedGrant) {
  const { grant, state, used, final } = row;
  const { requester, principal, incident, reason, approvers, from, until, over } = grant;
  return {
    grant: grant.grant,
    state,
    requester,
    principal,
    incident,
    reason,
    approvers,
    from: iso(from),
    until: iso(until),
    ...(over && { over: iso(over.at) }),
    firstUse: used.first,
    lastUse: used.last,
    calls: used.calls,
    writes: used.writes,
    final,
    unused: isUnused(row),
  };
}

/** `2026-11-24 09:00:00Z`, which a narrow table can break. */
function utcOf(at: number): string {
  return iso(at).replace('T', ' ').replace(/\.\d+/, '');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
