import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import {
  changesAnything,
  type PlannedChange,
  type PlannedStack,
  type StackPlan,
} from '@tenant-delivery/provisioning/plan/plan';
import { STUB_TYPE } from '@tenant-delivery/provisioning/plan/stub';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import { backupSection } from './backup-section.ts';
import { changeDiff } from './change-diff.ts';
import { sayCosts } from './fixed-costs.ts';
import { githubSection } from './github-section.ts';
import { importSection } from './import-section.ts';
import { recoverySection } from './recovery-section.ts';

const ROOM = 700_000; // characters; GitHub takes a summary of 1 MiB

type Approval = Pick<EnvironmentContract['approval'], 'environment' | 'required'>;

/**
 * The plan as people approve it: what cannot be undone, who is asked, and of each stack what is made, changed, replaced,
 * kept and deleted. Long lists are behind folds.
 */
export function planSummary(change: string, digest: string, plan: StackPlan, approval: Approval): string {
  const { part, tenant, environment } = plan;
  const place = `${code(part)} of ${code(`${tenant}/${environment}`)}`;
  const names = folded(
    'Change and plan',
    '',
    [`- change ${code(change)}`, `- plan ${code(digest)}`, `- contract ${code(plan.contract)}`].join('\n'),
  );
  const beside = [...recoverySection(plan.recovery ?? []), ...githubSection(plan.github ?? [])];
  if (!changesAnything(plan))
    return [`### Nothing to do: ${place} is as the contract says`, ...beside, names].join('\n\n');
  const head = [
    `### Plan: ${plan.kind === 'withdrawal' ? 'withdraw' : 'provision'} ${place}`,
    `**What cannot be undone:** ${plan.irreversible.length === 0 ? 'nothing.' : ''}`.trim(),
    ...(plan.irreversible.length > 0
      ? [plan.irreversible.map((line) => `- ${escapeMarkdown(line)}`).join('\n')]
      : []),
    `**Who is asked:** ${escapeMarkdown(sayAsked(plan.kind, approval))}`,
    table(
      ['stack', 'made', 'changed', 'replaced', 'kept', 'deleted'],
      plan.stacks.map((stack) => rowOf(stack)),
    ),
    ...importSection(part, plan.stacks),
    ...(plan.kind === 'withdrawal' ? backupSection(plan) : []),
    ...(plan.lifts.length > 0
      ? [`The deletion protection of ${plan.lifts.map(code).join(', ')} is lifted first.`]
      : []),
    `**Costs by the hour${plan.kind === 'withdrawal' ? ' that stay' : ''}:** ${escapeMarkdown(sayCosts(plan.fixedCosts, part === 'services' && plan.kind === 'provision'))}`,
  ];
  return within([...head, ...beside, ...plan.stacks.flatMap(detailsOf), names]);
}

/** `One person with the role customer, in the environment acme-prod-approval.` A withdrawal needs a word of both sides. */
function sayAsked(kind: StackPlan['kind'], { environment, required }: Approval): string {
  const people = Object.entries(required).flatMap(([role, count]) =>
    count > 0 ? [`${count === 1 ? 'one person' : `${count} people`} with the role ${role}`] : [],
  );
  const first = `${people.join(' and ')}, in the environment ${environment}.`;
  const second =
    kind === 'withdrawal' ? ` One person of the other side, in the environment ${environment}-second.` : '';
  return `${first}${second} They may not have started this run.`;
}

function rowOf({ name, action, changes: all }: PlannedStack): readonly string[] {
  const changes = all.filter(isReal);
  const count = (...actions: readonly PlannedChange['action'][]) =>
    String(changes.filter((change) => actions.includes(change.action)).length);
  const beside = {
    create: 'new',
    import: 'imported',
    update: '',
    unchanged: 'as it is',
    withdraw: 'goes',
    delete: 'goes',
  }[action];
  return [
    `${code(name)}${beside === '' ? '' : ` (${beside})`}`,
    count('add'),
    count('modify'),
    count('replace'),
    count('keep'),
    count('remove'),
  ];
}

/** What a withdrawal leaves in a stack for the moment until it is deleted is nothing at AWS. */
const isReal = ({ type }: PlannedChange) => type !== STUB_TYPE;

/** Replaced and deleted resources are shown; what is made or changed in place is one click away. */
function detailsOf({ name, changes: all }: PlannedStack): readonly string[] {
  const changes = all.filter(isReal);
  const of = (...actions: readonly PlannedChange['action'][]) =>
    changes.filter((change) => actions.includes(change.action));
  const list = (title: string, found: readonly PlannedChange[]) =>
    found.length === 0 ? [] : [folded(`${name}: ${found.length} ${title}`, '', found.map(listed).join('\n'))];
  const [replaced, modified, added] = [of('replace'), of('modify'), of('add')];
  return [
    ...(replaced.length > 0 ? [`**${escapeMarkdown(name)}: replaced**`, changeDiff(replaced)] : []),
    ...(modified.length > 0
      ? [folded(`${name}: ${modified.length} changed in place`, '', changeDiff(modified))]
      : []),
    ...(added.length > 0 ? [folded(`${name}: ${added.length} made`, '', changeDiff(added))] : []),
    ...list('deleted', of('remove')),
    ...list('kept in the account', of('keep')),
  ];
}

const listed = ({ logicalId, type, id }: PlannedChange) =>
  `- ${code(logicalId)} ${escapeMarkdown(type)}${id === null ? '' : ` ${code(id)}`}`;

/** As many parts as fit; the plan document has all. */
function within(parts: readonly string[]): string {
  let length = 0;
  const taken = parts.filter((part) => {
    length += part.length + 2;
    return length <= ROOM;
  });
  const more = parts.length - taken.length;
  return [...taken, ...(more > 0 ? [`${more} more parts are in the plan document.`] : [])].join('\n\n');
}
