import { code, type Difference, diff, escapeMarkdown, folded } from '@tenant-delivery/action-kit/markdown';
import { lastOf } from '@tenant-delivery/deployment/plain-names';
import type { Plan } from '@tenant-delivery/deployment/plan/plan';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { shortDigests } from '@tenant-delivery/domain';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import type { Preflight } from '../preflight/preflight.ts';
import { sayPassed } from '../preflight/preflight-words.ts';

/** What a plan is read with. */
interface BesidePlan {
  /** The contract's words on who approves. */
  readonly approval: Pick<EnvironmentContract['approval'], 'environment' | 'required'>;
  /** What its reader has to know. */
  readonly notes: readonly string[];
  /** What could be better one day. */
  readonly advice: readonly string[];
  readonly preflight: Pick<Preflight, 'checks' | 'summary'> | undefined;
}

/**
 * The plan as people approve it: what differs, who is asked, what to know; whole names and digests behind a fold. A plan
 * that waits for nobody is one line.
 */
export function planSummary(change: string, digest: string, plan: Plan, beside: BesidePlan): string {
  const { service, tenant, environment } = plan.target;
  const { approval, notes, advice, preflight } = beside;
  const details = [...wholeNames(change, digest, plan), ...listOf(advice)];
  const about = [...listOf([...plan.notes, ...notes]), ...[preflight?.summary ?? ''].filter(Boolean)];
  if (!plan.changes) {
    const place = `${code(service)} of ${code(`${tenant}/${environment}`)}`;
    return [
      `### Nothing to deploy: ${place} runs this already`,
      ...about,
      folded('Image and plan', '', ...details),
    ].join('\n\n');
  }
  const what = plan.taskDefinition.changes.length > 0 ? 'a new version' : 'other settings';
  const shown = [...changesIn(plan), ...migrationsIn(plan.migration), ...about];
  if (plan.class !== 'normal') {
    const title = `Plan: ${what} of ${service} of ${tenant}/${environment}`;
    return folded(
      title,
      `${plan.class}: nobody is asked to approve it`,
      escapeMarkdown(plan.why),
      ...shown,
      ...details,
    );
  }
  return [
    `### Plan: ${what} of ${code(service)} of ${code(`${tenant}/${environment}`)}`,
    `**Who is asked:** ${escapeMarkdown(sayAsked(approval))}`,
    ...shown,
    folded(
      'Details',
      [
        ...(preflight ? [sayPassed(preflight.checks)] : []),
        'whole digests',
        ...(advice.length > 0 ? ['advice'] : []),
      ].join('; '),
      ...details,
    ),
  ].join('\n\n');
}

/** `One person with the role customer, in the environment acme-prod-approval. …` */
function sayAsked({ environment, required }: BesidePlan['approval']): string {
  const people = Object.entries(required).flatMap(([role, count]) =>
    count > 0 ? [`${count === 1 ? 'one person' : `${count} people`} with the role ${role}`] : [],
  );
  return `${people.join(' and ')}, in the environment ${environment}. They may not have started this run, nor written, merged or pushed any of it.`;
}

/** What the diff above has in short, for those who compare it with the record. */
function wholeNames(
  change: string,
  digest: string,
  { target, cluster, image, ...plan }: Plan,
): readonly string[] {
  return [
    [
      `- change ${code(change)}, class ${escapeMarkdown(plan.class)}`,
      `- plan ${code(digest)}`,
      `- image ${code(image.to)}`,
      ...(image.from === null ? [] : [`- image before ${code(image.from)}`]),
      `- starts from ${code(lastOf(plan.taskDefinition.from))} in the cluster ${code(cluster)} (account ${code(target.account)}, ${code(target.region)})`,
    ].join('\n'),
  ];
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
    ...(changes
      ? [
          folded(
            'Details',
            'whole digests; advice',
            ...wholeDiff(differences.taskDefinition.changes),
            ...listOf(advice),
          ),
        ]
      : listOf(advice)),
  ].join('\n\n');
}

function wholeDiff(changes: readonly Difference[]): readonly string[] {
  return changes.length === 0 ? [] : [diff(changes)];
}

function listOf(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : [notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')];
}

/**
 * The task that is run to its end before anything else changes. Its command is what people approve, so it is shown
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

/** One line of ASCII: JSON escapes control characters, but not those that hide or reverse the text around them. */
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
  if (service.changes.length === 0) return [...asItIs, ...shortDiff(taskDefinition.changes)];
  return [
    ...asItIs,
    ...(taskDefinition.changes.length > 0 ? ['**Task definition**'] : []),
    ...shortDiff(taskDefinition.changes),
    '**Service**',
    ...shortDiff(service.changes),
  ];
}

function shortDiff(changes: readonly Difference[]): readonly string[] {
  return wholeDiff(changes.map(inShort));
}

/** Two images whose digests begin alike are shown whole. */
function inShort({ path, from, to }: Difference): Difference {
  const [before, after] = [from, to].map((value) => value && shortDigests(value));
  return before === after ? { path, from, to } : { path, from: before ?? null, to: after ?? null };
}
