import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import * as core from '@actions/core';
import { Failure } from './failure.ts';
import type { RunContext, Runner } from './runner.ts';
import { showUnseen } from './unseen-characters.ts';

const SUMMARY_LIMIT = 1_000_000; // bytes; GitHub drops a step summary over 1 MiB ("Workflow commands for GitHub Actions")
const ANNOTATION_LIMIT = 4_000; // characters; GitHub cuts at 4096

/**
 * A line that the runner would obey: `::` at its beginning, after whatever .NET calls white space, or `##[` anywhere
 * (`ActionCommand.TryParseV2` and `TryParse` of actions/runner). Names in our lines may be others' words.
 */
const MAY_BE_COMMAND = /(^|[\r\n])[\s\x85]*::|##\[/;

/** The runner that GitHub starts actions with, over @actions/core. The only file that imports it. */
export function githubRunner(env: NodeJS.ProcessEnv = process.env): Runner {
  const cancelled = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort(signal));
  return {
    context: readContext(env),
    input: (name) => core.getInput(name),
    untrimmed: (name) => core.getInput(name, { trimWhitespace: false }),
    given: () =>
      Object.keys(env)
        .filter((name) => name.startsWith('INPUT_'))
        .map((name) => name.slice('INPUT_'.length).toLowerCase()),
    output: (name, value) => core.setOutput(name, value),
    info: (line) => (MAY_BE_COMMAND.test(line) ? verbatim([line]) : core.info(showUnseen(line, 'log'))),
    debug: (line) => core.debug(showUnseen(line, 'log')),
    warning: (line) => core.warning(annotation(line)),
    error: (headline, title) => core.error(annotation(headline), { title }),
    group: (title, work) => core.group(showUnseen(title, 'log'), work),
    verbatim,
    mask: (secret) => core.setSecret(secret),
    summary: (markdown) => {
      const file = env['GITHUB_STEP_SUMMARY'];
      if (file) appendFileSync(file, cut(`${markdown.trim().replace(/\n{3,}/g, '\n\n')}\n`));
    },
    idToken: async (audience) => {
      if (!env['ACTIONS_ID_TOKEN_REQUEST_URL']) {
        throw new Failure(
          'OIDC_TOKEN_UNAVAILABLE',
          'This job may not ask for an OIDC token, so it has no identity at AWS.',
          'Add `id-token: write` to the permissions of the calling job. Pull requests from forks never have it.',
        );
      }
      return core.getIDToken(audience);
    },
    fail: () => {
      process.exitCode = 1;
    },
    cancelled: cancelled.signal,
  };
}

function annotation(text: string): string {
  return showUnseen(text, 'sentence').slice(0, ANNOTATION_LIMIT);
}

function verbatim(lines: readonly string[]): void {
  const token = randomUUID();
  core.info(`::stop-commands::${token}`);
  for (const line of lines) core.info(showUnseen(line, 'log'));
  core.info(`::${token}::`);
}

function cut(markdown: string): string {
  if (Buffer.byteLength(markdown) <= SUMMARY_LIMIT) return markdown;
  return `${Buffer.from(markdown).subarray(0, SUMMARY_LIMIT).toString()}\n\n_Cut here: GitHub shows at most 1 MiB._\n`;
}

function readContext(env: NodeJS.ProcessEnv): RunContext {
  const of = (name: string) => env[name] ?? '';
  return {
    repository: of('GITHUB_REPOSITORY'),
    repositoryId: of('GITHUB_REPOSITORY_ID'),
    runId: of('GITHUB_RUN_ID'),
    runAttempt: Number(of('GITHUB_RUN_ATTEMPT') || 1),
    job: of('GITHUB_JOB'),
    sha: of('GITHUB_SHA'),
    ref: of('GITHUB_REF'),
    actor: of('GITHUB_ACTOR'),
    actorId: of('GITHUB_ACTOR_ID'),
    triggeringActor: of('GITHUB_TRIGGERING_ACTOR'),
    eventName: of('GITHUB_EVENT_NAME'),
    workflowRef: of('GITHUB_WORKFLOW_REF'),
    actionRepository: of('GITHUB_ACTION_REPOSITORY'),
    actionRef: of('GITHUB_ACTION_REF'),
    workspace: of('GITHUB_WORKSPACE') || process.cwd(),
    temp: of('RUNNER_TEMP') || '/tmp',
    serverUrl: of('GITHUB_SERVER_URL') || 'https://github.com',
    apiUrl: of('GITHUB_API_URL') || 'https://api.github.com',
    event: readEvent(of('GITHUB_EVENT_PATH')),
  };
}

function readEvent(path: string): Readonly<Record<string, unknown>> {
  if (!path) return {};
  const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof event === 'object' && event !== null ? { ...event } : {};
}
