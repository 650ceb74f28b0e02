import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, folded, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { Applying, StackResult } from '../apply/applying.ts';
import type { ApplyEnd } from '../apply/ending.ts';
import type { Proof } from '../apply/proof.ts';
import type { Recorded } from '../apply/record-end.ts';
import type { VerifyWorld } from '../ports.ts';
import { sayRecovery } from '../recovery/look-at-recovery.ts';
import { backupSection } from './backup-section.ts';

/** A later attempt of a change whose end is recorded. */
export function reportAppliedBefore({ runner }: VerifyWorld, change: ChangeHandle): Outcome {
  runner.output('report', change.evidence('report') ?? '');
  return {
    outcome: 'applied',
    reasonCode: 'OK',
    ok: true,
    headline: `${change.id} was applied and verified before.`,
    facts: { change: change.id, state: change.state },
    summary: '',
  };
}

/** Made as it was approved, and waiting for somebody else: no failure of this run. */
const WAITS = ['TUNNELS_DOWN', 'RECOVERY_NOT_READY'];

/** What came of it: one line when it went well, and first of all the reason when it did not. */
export function reportApplied(
  { runner }: VerifyWorld,
  { plan, change }: Applying,
  end: ApplyEnd,
  { report, addresses, proof, gaps }: Recorded,
): Outcome {
  const place = `${plan.part} of ${plan.tenant}/${plan.environment}`;
  const incomplete = gaps.length > 0;
  const waits = WAITS.includes(end.reasonCode);
  const ok = !incomplete && (end.outcome === 'applied' || waits);
  if (waits) runner.warning(`${end.why} ${end.todo}`);
  const todo = incomplete
    ? 'Look at the steps that should have made the documents. The change stays verified.'
    : end.todo;
  const why = incomplete ? `${end.why} Its evidence is not complete: ${gaps.join('; ')}.` : end.why;
  const details = [
    stackTable(end.results),
    ...findingsOf(end),
    ...(proof ? [...backupSection(plan, end.backups), proofLines(proof)] : []),
    `- change ${code(change.id)}, report ${code(report)}`,
  ];
  const summary =
    ok && !waits
      ? folded(`${title(plan.kind, end.outcome)}: ${place}`, why, ...details)
      : [
          `### ${title(plan.kind, end.outcome)}: ${escapeMarkdown(place)}`,
          escapeMarkdown(why),
          ...(todo === undefined ? [] : [`**What to do:** ${prose(todo)}`]),
          folded('Stacks and resources', '', ...details),
        ].join('\n\n');
  return {
    outcome: end.outcome,
    reasonCode: incomplete ? 'EVIDENCE_INCOMPLETE' : end.reasonCode,
    ok,
    headline: `${change.id} (${place}): ${why}`,
    ...(!ok && todo !== undefined && { remedy: todo }),
    facts: {
      change: change.id,
      state: change.state,
      report,
      addresses,
      stacks: end.results.map(({ name, result, status, failure }) => ({ name, result, status, failure })),
    },
    summary: (ok ? [...addressLines(addresses), summary] : [summary, ...addressLines(addresses)]).join(
      '\n\n',
    ),
  };
}

function title(kind: Applying['plan']['kind'], outcome: ApplyEnd['outcome']): string {
  if (outcome === 'applied') return kind === 'withdrawal' ? 'Withdrawn' : 'Provisioned';
  return {
    unverified: 'Made, and not verified yet',
    'rolled-back': 'Rolled back',
    failed: 'Failed',
    'timed-out': 'Timed out',
    cancelled: 'Cancelled',
  }[outcome];
}

function addressLines(addresses: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(addresses).map(([zone, address]) => [code(zone), code(address)]);
  return rows.length === 0
    ? []
    : [`For the customer's firewall, requests come from:\n\n${table(['zone', 'address'], rows)}`];
}

function stackTable(results: readonly StackResult[]): string {
  return table(
    ['stack', 'result', 'status', 'resources'],
    results.map(({ name, result, status, resources }) => [
      code(name),
      result,
      escapeMarkdown(status),
      String(resources.length),
    ]),
  );
}

function findingsOf({ verification }: ApplyEnd): readonly string[] {
  const { findings = [], tunnels = [], recovery = [] } = verification ?? {};
  const rows = [
    ...recovery.map((stack) => [
      escapeMarkdown(`recovery: ${stack.name}`),
      stack.state,
      escapeMarkdown(sayRecovery(stack)),
    ]),
    ...findings.map(({ check, result, observed }) => [
      escapeMarkdown(check),
      result,
      escapeMarkdown(observed),
    ]),
    ...tunnels.map(({ link, outside, up }) => [
      escapeMarkdown(`tunnel of ${link}`),
      up ? 'up' : 'down',
      code(outside),
    ]),
  ];
  return rows.length === 0 ? [] : [table(['check', 'result', 'observed'], rows)];
}

function proofLines({ gone, kept, left, unplanned }: Proof): string {
  const list = (resources: Proof['gone']) =>
    resources
      .map(({ logicalId, type, id }) => `- ${code(logicalId)} ${escapeMarkdown(type)} ${id ? code(id) : ''}`)
      .join('\n');
  return [
    `${gone.length} resources are gone, ${kept.length} stay in the account. ${
      unplanned.length === 0 ? 'Nothing else was touched.' : 'What was touched beside that is listed last.'
    }`,
    ...(kept.length > 0 ? [folded('Kept', '', list(kept))] : []),
    ...(gone.length > 0 ? [folded('Gone', '', list(gone))] : []),
    ...(left.length > 0 ? [`**Not gone:**\n\n${list(left)}`] : []),
    ...(unplanned.length > 0 ? [`**Not in the plan:**\n\n${list(unplanned)}`] : []),
  ].join('\n\n');
}
