import type { RunEvent } from '@tenant-delivery/local-github';
import { summaryText } from './summary-text.ts';
import type { Terminal } from './terminal.ts';

const MARK = { success: '✓', failure: '✗', cancelled: '■', skipped: '-' } as const;

/** What a step has said so far, in order. Its groups are shown when it ends, its lines and its summary only if it failed. */
interface SaidByStep {
  readonly startedAt: number;
  readonly groups: string[];
  readonly lines: string[];
  readonly summary: string[];
}

type EventOf<Member extends string> = Extract<RunEvent, { readonly [member in Member]: unknown }>;

/**
 * Shows a run as GitHub's page does: jobs, their steps with how long they took, the groups inside, and every line of a
 * step that failed, with its summary below. Jobs that run side by side are told apart by their name in front.
 */
export function showRun(terminal: Terminal): (event: RunEvent) => void {
  const said = new Map<string, SaidByStep>();
  return (event) => {
    if ('step' in event) showStep(terminal, event, said);
    else if ('job' in event) showJob(terminal, event, said);
    else showWhole(terminal, event);
  };
}

function showWhole(terminal: Terminal, event: Exclude<RunEvent, EventOf<'job'>>): void {
  switch (event.kind) {
    case 'run-started':
      terminal.line(terminal.bold(`${event.repository}: ${event.title}`));
      terminal.line(
        terminal.dim(`  ${event.event} on ${event.ref} at ${event.sha.slice(0, 7)}, by ${event.actor}`),
      );
      return;
    case 'run-cancelled':
      terminal.line(`  cancelled: ${event.reason}`);
      return;
    case 'run-finished':
      terminal.line(`  ${MARK[event.conclusion]} ${event.conclusion}`);
      terminal.line();
  }
}

function showJob(
  terminal: Terminal,
  event: Exclude<EventOf<'job'>, EventOf<'step'>>,
  said: ReadonlyMap<string, SaidByStep>,
): void {
  const { name, apiId } = event.job;
  switch (event.kind) {
    case 'job-waiting': {
      const { on } = event;
      const what = on.kind === 'reviewers' ? `a review by ${on.reviewers.join(' or ')}` : on.group;
      terminal.line(`  ${name}: waits for ${what}`);
      return;
    }
    case 'job-reviewed':
      terminal.line(`  ${name}: ${event.state}`);
      return;
    case 'job-started':
      terminal.line(`  ${terminal.bold(name)}`);
      return;
    case 'annotation': {
      const { step, level, message } = event.annotation;
      if (step) said.get(keyOf(apiId, step.number))?.lines.push(...`${level}: ${message}`.split('\n'));
      return;
    }
    case 'job-finished':
      if (event.conclusion !== 'success')
        terminal.line(`  ${MARK[event.conclusion]} ${name}: ${event.conclusion}`);
  }
}

function showStep(terminal: Terminal, event: EventOf<'step'>, said: Map<string, SaidByStep>): void {
  const { name, number } = event.step;
  const key = keyOf(event.job.apiId, number);
  switch (event.kind) {
    case 'step-started':
      said.set(key, { startedAt: event.at, groups: [], lines: [], summary: [] });
      terminal.passing(`    ${name} …`);
      return;
    case 'group':
      said.get(key)?.groups.push(event.title);
      terminal.passing(`    ${name}: ${event.title} …`);
      return;
    case 'line':
      said.get(key)?.lines.push(event.text);
      terminal.passing(`    ${name}: ${event.text}`);
      return;
    case 'summary':
      said.get(key)?.summary.push(event.markdown);
      return;
    case 'step-finished': {
      const { startedAt = event.at, groups = [], lines = [], summary = [] } = said.get(key) ?? {};
      const took = event.outcome === 'skipped' ? '' : `${((event.at - startedAt) / 1000).toFixed(0)} s`;
      terminal.line(`    ${MARK[event.outcome]} ${name} ${terminal.dim(took)}`.trimEnd());
      for (const title of groups) terminal.line(terminal.dim(`        ${title}`));
      if (event.outcome !== 'failure') return;
      for (const text of lines) terminal.line(`        │ ${text}`);
      for (const text of summaryText(summary.join('\n'), terminal.bold)) terminal.line(`        ${text}`);
    }
  }
}

function keyOf(job: number, step: number): string {
  return `${job}.${step}`;
}
