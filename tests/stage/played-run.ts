import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import type { RecordedCall } from '@tenant-delivery/local-aws';
import { exportTree } from '@tenant-delivery/local-github/git/export-tree';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { decide } from '@tenant-delivery/local-github/world/approval';
import { environmentOf } from '@tenant-delivery/local-github/world/environment';
import { createJob, type Job, startJob } from '@tenant-delivery/local-github/world/job';
import { createRun, type Run } from '@tenant-delivery/local-github/world/run';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import type { Booted } from '@tenant-delivery/local-platform/boot-action';
import { defaultsOf } from './default-inputs.ts';
import { actions, changesIn, ORDERS, recordsIn } from './stage.ts';

/** What a shipped action did as a step of a job. */
export interface Played extends Booted {
  readonly calls: readonly RecordedCall[];
}

type Inputs = Readonly<Record<string, string>>;

/** A run of acme/orders whose steps are started one by one, so that a test can act in between. */
export interface PlayedRun {
  readonly run: Run;
  /** The checked-out source. */
  readonly workspace: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** The job of that name, begun when it is first asked for. */
  job(name: JobKey): Job;
  /** Starts a shipped action as the job of that name in deliver.yml would. */
  step(job: JobKey, action: string, inputs?: Inputs, env?: Inputs): Promise<Played>;
  /** Opens and builds; answers the change. */
  build(): Promise<string>;
  /** Opens, builds, judges and plans; answers the change. Fails the test when a step does. */
  plan(): Promise<string>;
  /** A review on GitHub, and the step that records it. */
  approve(change: string, login?: string): Promise<Played>;
  deploy(change: string, env?: Inputs): Promise<Played>;
  /** Verifies what a deploy has reported, and closes. */
  close(change: string, deployed: Played): Promise<Played>;
}

/** The GitHub environment of each job, after that of the contract. */
const GATE = {
  build: undefined,
  plan: undefined,
  approve: '-approval',
  deploy: '',
  settle: undefined,
} as const;
type JobKey = keyof typeof GATE;

const PERMISSIONS = { actions: 'read', contents: 'read', 'id-token': 'write' } as const;

export interface PlayedOptions {
  readonly repository?: string;
  /** orders when absent; the manifest of another one is orders' with its name. */
  readonly service?: string;
  /** `owner/name` of the repository whose workflow is called, and its ref; the provider's release when absent. */
  readonly provider?: string;
  readonly release?: string;
  /** Login. */
  readonly actor?: string;
  /** The called workflow; the released deliver.yml, with build.yml for its build, when absent. */
  readonly workflow?: string;
  readonly ref?: string;
  /** prod when absent. */
  readonly environment?: string;
}

export async function beginRun(platform: LocalPlatform, options: PlayedOptions = {}): Promise<PlayedRun> {
  const { github, folder, provider, tag } = platform;
  const fullName = options.repository ?? 'acme/orders';
  const repository = github.world.repositories.get(fullName.toLowerCase());
  if (!repository) throw new Error(`${fullName} is not on this GitHub`);
  const contracted = options.environment ?? ORDERS.environment;
  const ref = options.ref ?? 'refs/heads/main';
  const sha = (await resolveCommit(repository.path, ref)) ?? '';
  const run = createRun(github.world, repository, {
    workflow: { repository: fullName, path: '.github/workflows/deliver.yml', ref, sha },
    event: 'push',
    ref,
    sha,
    actor: options.actor ?? 'dev-ana',
  });
  const workspace = await mkdtemp(join(folder, 'workspace-'));
  await exportTree(repository.path, sha, workspace);
  const service = options.service ?? ORDERS.service;
  const manifest = join(workspace, '.delivery/service.yaml');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replaceAll('name: orders', `name: ${service}`));
  const calledBy = (name: JobKey) => ({
    repository: options.provider ?? provider,
    path: options.workflow ?? `.github/workflows/${name === 'build' ? 'build' : 'deliver'}.yml`,
    ref: options.release ?? `refs/tags/${tag}`,
    sha,
  });
  const jobs = new Map<string, { readonly job: Job; readonly env: Inputs; readonly token: string }>();
  const jobOf = (name: JobKey) => {
    const known = jobs.get(name);
    if (known) return known;
    const gate = GATE[name];
    const environment = gate === undefined ? undefined : `acme-${contracted}${gate}`;
    const job = createJob(github.world, run, {
      name: name === 'build' ? 'orders / build / build' : `orders / ${name}`,
      permissions: PERMISSIONS,
      workflow: calledBy(name),
      ...(environment && { environment: { name: environment } }),
    });
    const { githubToken, idTokenRequest } = startJob(github.world, job);
    const started = { job, env: envOf(platform, run, name, idTokenRequest), token: githubToken };
    jobs.set(name, started);
    return started;
  };
  const step: PlayedRun['step'] = async (name, action, inputs = {}, env = {}) => {
    const { env: given, token } = jobOf(name);
    const before = platform.aws.calls.length;
    const booted = await actions.boot(action, {
      inputs: { ...defaultsOf(action, token), ...ORDERS, environment: contracted, service, ...inputs },
      env: { ...given, GITHUB_WORKSPACE: workspace, ...env },
    });
    return { ...booted, calls: platform.aws.calls.slice(before) };
  };
  const build = async () => {
    const { change = '' } = succeeded(await step('build', 'open-change')).outputs;
    succeeded(await step('build', 'build-and-scan-image', { change }));
    return change;
  };
  return {
    run,
    workspace,
    step,
    build,
    job: (name) => jobOf(name).job,
    write: async (files) => {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(workspace, file)), { recursive: true });
        await writeFile(join(workspace, file), text);
      }
    },
    plan: async () => {
      const change = await build();
      succeeded(await step('plan', 'gate-on-ecr-findings', { change, manifest: '.delivery/service.yaml' }));
      succeeded(await step('plan', 'deploy-ecs-service', { change, mode: 'plan' }));
      return change;
    },
    approve: async (changes, login = 'lead-ben') => {
      const environments = [environmentOf(github.world, repository, `acme-${contracted}-approval`)];
      decide(run, { state: 'approved', comment: '', environments, user: userNamed(github.world, login) });
      return step('approve', 'approve-change', { changes });
    },
    deploy: (change, env) => step('deploy', 'deploy-ecs-service', { change, mode: 'deploy' }, env),
    close: async (change, { outputs: { report = '' } }) => {
      succeeded(await step('deploy', 'verify-target-health', { change, report }));
      return succeeded(await step('deploy', 'close-change', { change, 'job-status': 'success' }));
    },
  };
}

function envOf(
  { github, runnerEnv, provider, tag }: LocalPlatform,
  run: Run,
  job: string,
  idToken: { readonly url: string; readonly token: string } | undefined,
): Inputs {
  return {
    ...runnerEnv,
    GITHUB_REPOSITORY: run.repository.fullName,
    GITHUB_REPOSITORY_ID: String(run.repository.id),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_JOB: job,
    GITHUB_SHA: run.sha,
    GITHUB_REF: run.ref,
    GITHUB_ACTOR: run.actor.login,
    GITHUB_ACTOR_ID: String(run.actor.id),
    GITHUB_TRIGGERING_ACTOR: run.triggeringActor.login,
    GITHUB_EVENT_NAME: run.event,
    GITHUB_ACTION_REPOSITORY: provider,
    GITHUB_ACTION_REF: tag,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    ...(idToken && {
      ACTIONS_ID_TOKEN_REQUEST_URL: idToken.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: idToken.token,
    }),
  };
}

export function succeeded(played: Played): Played {
  if (played.exitCode !== 0) throw new Error(logOf(played));
  return played;
}

/** What was printed, without what the runner keeps for itself. */
export function logOf({ lines }: Played): string {
  return lines.filter((line) => !/^::(add-mask|debug)::/.test(line)).join('\n');
}

/**
 * One clear error: exit code 1, one annotation, the code everywhere that a reader or a workflow looks, what to do, and
 * nothing changed. `recorded` is what the step may have written to the record before it stopped.
 */
export function expectRefused(played: Played, code: string, message: RegExp | string): void {
  const result = JSON.parse(played.outputs['result'] ?? '{}') as Readonly<Record<string, unknown>>; // the action's own
  expect(logOf(played)).toContain(code); // first, so that a surprise shows its log
  expect(played).toMatchObject({ exitCode: 1, outputs: { outcome: 'error', 'reason-code': code } });
  expect(result).toMatchObject({
    schemaVersion: 1,
    outcome: 'error',
    reasonCode: code,
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    remedy: expect.stringMatching(/\w+ \w+/),
  });
  const [error, ...more] = played.errors;
  expect([error?.title, more]).toEqual([code, []]);
  expect(error?.message).toContain(String(result['message']).split(':')[0]);
  expect(error?.message).toContain(`\nWhat to do: ${result['remedy']}`);
  const page = `http://\\S+/\\S+/blob/v\\S+/docs/failures/${code}\\.md`;
  expect(error?.message).toMatch(new RegExp(`\nRead more: ${page}$`));
  expect(played.summary).toMatch(new RegExp(`\\[More about \`${code}\`\\]\\(${page}\\)`));
  expect(changesIn(played.calls)).toEqual([]);
}

/**
 * As above, for a step that could not even say who it is, or must leave the record alone. On a busy machine a minute of the
 * scaled clock passes while a step waits, and then it renews the lease of a lock that its run has.
 */
export function expectRefusedUnrecorded(played: Played, code: string, message: RegExp | string): void {
  expectRefused(played, code, message);
  expect(recordsIn(played.calls.filter((call) => !renewsLock(call)))).toEqual([]);
}

function renewsLock({ operation, input }: RecordedCall): boolean {
  const { Key: key, IfMatch: held } = (input ?? {}) as { readonly Key?: unknown; readonly IfMatch?: unknown }; // checked next
  return operation === 'PutObject' && String(key).startsWith('locks/') && held !== undefined;
}
