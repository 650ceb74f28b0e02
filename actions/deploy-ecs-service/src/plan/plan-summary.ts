import { code, diff, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { lastOf } from '@tenant-delivery/deployment/plain-names';
import type { Plan } from '@tenant-delivery/deployment/plan/plan';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';

/** The plan as its reader approves it: image, what differs, class and why; then what is worth knowing beside it. */
export function planSummary(
  change: string,
  digest: string,
  plan: Plan,
  advice: readonly string[] = [],
): string {
  const { service, tenant, environment, account, region } = plan.target;
  const place = `${code(service)} of ${code(`${tenant}/${environment}`)} (account ${code(account)}, ${code(region)})`;
  const head = plan.changes
    ? `### Plan: ${plan.taskDefinition.changes.length > 0 ? 'a new version' : 'other settings'} of ${place}`
    : `### Nothing to deploy: ${place} runs this already`;
  return [
    head,
    `Class: ${plan.class}. ${escapeMarkdown(plan.why)}`,
    `Starts from ${code(lastOf(plan.taskDefinition.from))} in the cluster ${code(plan.cluster)}.`,
    ...changesIn(plan),
    ...migrationsIn(plan.migration),
    ...listOf([...plan.notes, ...advice]),
    `Change ${code(change)}, plan ${code(digest)}.`,
  ].join('\n\n');
}

/** What a deploy without a contract would change, for the person who starts it. */
export function planAloneSummary(
  { names, target }: ServiceRef,
  { changes, migration, ...differences }: Pick<Plan, 'taskDefinition' | 'service' | 'changes' | 'migration'>,
  advice: readonly string[],
): string {
  const place = `${code(target.service)} in ${code(names.cluster)} (account ${code(target.account)}, ${code(target.region)})`;
  return [
    changes ? `### Plan: changes of ${place}` : `### Nothing to deploy: ${place} runs this already`,
    `Starts from ${code(lastOf(differences.taskDefinition.from))}.`,
    ...changesIn(differences),
    ...migrationsIn(migration),
    ...listOf(advice),
  ].join('\n\n');
}

function listOf(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : [notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')];
}

/**
 * The task that is run to its end before anything else changes. Its command is what people approve, so it stands there
 * as it is: word by word, with no character that a reader could not see.
 */
function migrationsIn(migration: Plan['migration']): readonly string[] {
  if (!migration) return [];
  const { container, command, minutes } = migration;
  const what = command ? 'the command' : 'what the task definition says';
  return [
    `Before the update, a task of the new revision runs ${what} in ${code(container)}, for at most ${minutes} min.`,
    ...(command ? [`\`\`\`json\n${visibleJson(command)}\n\`\`\``] : []),
  ];
}

/** One line of ASCII: JSON itself escapes control characters, and not those that hide or turn what stands beside them. */
function visibleJson(words: readonly string[]): string {
  const hex = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(words).replace(/[^\x20-\x7e]/g, hex);
}

/** What differs: the task definition, and the service beside it. Others' words, and nothing in them is Markdown there. */
function changesIn({
  taskDefinition,
  service,
}: {
  readonly taskDefinition: Pick<Plan['taskDefinition'], 'changes' | 'to'>;
  readonly service: Plan['service'];
}): readonly string[] {
  const asItIs =
    taskDefinition.to === null ? [] : [`${code(lastOf(taskDefinition.to))} is deployed as it is.`];
  return [
    ...asItIs,
    ...differingIn('Task definition', taskDefinition.changes),
    ...differingIn('Service', service.changes),
  ];
}

function differingIn(what: string, changes: Plan['service']['changes']): readonly string[] {
  return changes.length === 0 ? [] : [`**${what}**`, diff(changes)];
}
