import { Failure, headlineOf } from './failure.ts';
import { escapeMarkdown, prose } from './markdown.ts';
import type { Runner } from './runner.ts';
import { showUnseen } from './unseen-characters.ts';

/** What a finished action reports: data, also when it is bad news. */
export interface Outcome {
  /** The action's own word, as the `outcome` output. */
  readonly outcome: string;
  /** A closed list of the action's own; `OK` when there is nothing to say. */
  readonly reasonCode: string;
  /** Whether the step fails. A denied gate is an outcome, and fails. */
  readonly ok: boolean;
  /** One sentence: the annotation when not ok, a log line otherwise. */
  readonly headline: string;
  /** What a reader can do about it, when not ok. */
  readonly remedy?: string;
  /** Further members of `result`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Markdown that a manager can read; empty where another step of the run has told it. */
  readonly summary: string;
}

/**
 * The one place where an action ends: outputs, summary, annotation and exit code.
 * Outcomes are data; a Failure is something that the reader can fix; anything else is our bug and says so.
 */
export async function main(action: string, runner: Runner, run: () => Promise<Outcome>): Promise<void> {
  try {
    report(action, runner, await run());
  } catch (thrown) {
    reportFailure(action, runner, thrown);
  }
}

function report(action: string, runner: Runner, outcome: Outcome): void {
  write(runner, outcome.outcome, outcome.reasonCode, {
    schemaVersion: 1,
    action,
    outcome: outcome.outcome,
    reasonCode: outcome.reasonCode,
    ...outcome.facts,
  });
  const { reasonCode, summary, ok } = outcome;
  // where another step has told a bad end, its page is still linked here
  const linked = reasonCode !== 'OK' && !(ok && summary === '');
  const told = [summary, linked ? more(runner, reasonCode) : ''].filter(Boolean);
  if (told.length > 0) runner.summary(told.join('\n\n'));
  if (ok) {
    runner.info(outcome.headline);
    return;
  }
  annotate(runner, reasonCode, outcome.headline, [], outcome.remedy);
  runner.fail();
}

function reportFailure(action: string, runner: Runner, thrown: unknown): void {
  const failure =
    thrown instanceof Failure
      ? thrown
      : new Failure(
          'UNEXPECTED',
          `${action} stopped on an error that it does not know: ${messageOf(thrown)}`,
          'This is a defect of tenant-delivery. Run again with step debug logging and open an issue with the log.',
          { cause: thrown },
        );
  write(runner, 'error', failure.code, {
    schemaVersion: 1,
    action,
    outcome: 'error',
    reasonCode: failure.code,
    message: failure.message,
    remedy: failure.remedy,
    details: failure.details,
  });
  annotate(runner, failure.code, headlineOf(failure), failure.details, failure.remedy);
  for (let cause = failure.cause; cause instanceof Error; cause = cause.cause) {
    runner.debug(cause.stack ?? cause.message);
  }
  const details = failure.details.map((detail) => `- ${escapeMarkdown(detail)}\n`).join('');
  runner.summary(
    `### ${action}: \`${failure.code}\`\n\n${escapeMarkdown(headlineOf(failure))}\n\n${details}\n**What to do:** ${prose(failure.remedy)}\n\n${more(runner, failure.code)}`,
  );
  runner.fail();
}

const ANNOTATION = 3_900; // characters; GitHub cuts at 4096

/**
 * All that a reader of the run's page sees of it, and the log repeats: what happened, every mistake on a line of its own,
 * what to do. Of too many mistakes the log has the rest. Assumes github-links-in-annotations.
 */
function annotate(
  runner: Runner,
  code: string,
  headline: string,
  details: readonly string[],
  remedy: string | undefined,
): void {
  const lines = details.map((detail) => `- ${detail.replace(/\s+/g, ' ')}`);
  const todo = `${remedy === undefined ? '' : `\nWhat to do: ${remedy}`}\nRead more: ${pageOf(runner, code)}`;
  const said = showUnseen([headline, ...lines].join('\n'), 'sentence'); // before it is measured: it grows
  const room = ANNOTATION - todo.length;
  runner.error(`${said.length > room ? `${said.slice(0, room - 1)}…` : said}${todo}`, code);
  if (said.length > room) runner.verbatim([headline, ...lines]);
}

/** A link of a summary to the page of its reason code. */
function more(runner: Runner, code: string): string {
  const page = pageOf(runner, code);
  return page.startsWith('http') ? `[More about \`${code}\`](${page})` : `More about \`${code}\`: ${page}`;
}

/** The page of the very release that ran. An action of the workspace has no release: its page is beside it. */
function pageOf({ context }: Runner, code: string): string {
  const { serverUrl, actionRepository, actionRef } = context;
  const page = `docs/failures/${code}.md`;
  return actionRepository && actionRef
    ? `${serverUrl}/${actionRepository}/blob/${actionRef}/${page}`
    : `${page} in the repository of this action`;
}

function write(runner: Runner, outcome: string, reasonCode: string, result: Record<string, unknown>): void {
  runner.output('outcome', outcome);
  runner.output('reason-code', reasonCode);
  runner.output('result', JSON.stringify(result));
  runner.debug(`ended ${String(result['action'])} ${outcome} ${reasonCode}`); // `tenant-delivery canary` reads it
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
