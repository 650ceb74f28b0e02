import type { RunEvent } from '@tenant-delivery/local-github';
import type { Terminal } from './terminal.ts';

const MARK = { success: '✓', failure: '✗', cancelled: '■', skipped: '-' } as const;

/**
 * Shows a run as GitHub's page does: jobs, their steps with how long they took, the groups inside, and every line of a
 * step that failed. Jobs that run side by side are told apart by their name in front.
 */
export function showRun(terminal: Terminal): (event: RunEvent) => void {
  const lines = new Map<string, string[]>();
  const groups = new Map<string, string[]>();
  const started = new Map<string, number>();
  return (event) => {
    switch (event.kind) {
      case 'run-started':
        terminal.line(terminal.bold(`${event.repository}: ${event.title}`));
        terminal.line(
          terminal.dim(`  ${event.event} on ${event.ref} at ${event.sha.slice(0, 7)}, by ${event.actor}`),
        );
        return;
      case 'job-waiting':
        terminal.line(
          `  ${event.job.name}: waits for ${event.on.kind === 'reviewers' ? `a review by ${event.on.reviewers.join(' or ')}` : event.on.group}`,
        );
        return;
      case 'job-reviewed':
        terminal.line(`  ${event.job.name}: ${event.state}`);
        return;
      case 'job-started':
        terminal.line(`  ${terminal.bold(event.job.name)}`);
        return;
      case 'step-started': {
        const key = keyOf(event.job.apiId, event.step.number);
        started.set(key, event.at);
        lines.set(key, []);
        groups.set(key, []);
        terminal.passing(`    ${event.step.name} …`);
        return;
      }
      case 'group':
        groups.get(keyOf(event.job.apiId, event.step.number))?.push(event.title);
        terminal.passing(`    ${event.step.name}: ${event.title} …`);
        return;
      case 'line':
        lines.get(keyOf(event.job.apiId, event.step.number))?.push(event.text);
        terminal.passing(`    ${event.step.name}: ${event.text}`);
        return;
      case 'annotation':
        if (event.annotation.step) {
          const of = lines.get(keyOf(event.job.apiId, event.annotation.step.number));
          of?.push(...`${event.annotation.level}: ${event.annotation.message}`.split('\n'));
        }
        return;
      case 'step-finished': {
        const key = keyOf(event.job.apiId, event.step.number);
        const took = ((event.at - (started.get(key) ?? event.at)) / 1000).toFixed(0);
        terminal.line(
          `    ${MARK[event.outcome]} ${event.step.name} ${terminal.dim(event.outcome === 'skipped' ? '' : `${took} s`)}`.trimEnd(),
        );
        for (const title of groups.get(key) ?? []) terminal.line(terminal.dim(`        ${title}`));
        if (event.outcome === 'failure')
          for (const text of lines.get(key) ?? []) terminal.line(`        │ ${text}`);
        return;
      }
      case 'job-finished':
        if (event.conclusion !== 'success')
          terminal.line(`  ${MARK[event.conclusion]} ${event.job.name}: ${event.conclusion}`);
        return;
      case 'run-cancelled':
        terminal.line(`  cancelled: ${event.reason}`);
        return;
      case 'run-finished':
        terminal.line(`  ${MARK[event.conclusion]} ${event.conclusion}`);
        terminal.line();
        return;
      default:
        return;
    }
  };
}

function keyOf(job: number, step: number): string {
  return `${job}.${step}`;
}
