import { randomUUID } from 'node:crypto';
import type { Job } from '../world/job.ts';
import type { WorkflowSource } from '../world/run.ts';
import type { World } from '../world/world.ts';
import { issuerOf } from './issuer.ts';
import { subjectOf } from './subject.ts';

const LIFE_SECONDS = 300;
/** A scaled clock speeds up waiting, not the machine that asks AWS with the token: it has so many real seconds at least. */
const LEAST_REAL_SECONDS = 60;
const NOT_BEFORE_SECONDS = 600;

/** Claims are text, times apart (GitHub, "OpenID Connect reference"). */
export type Claims = Readonly<Record<string, string | number>>;

/** The claims of a job's identity token. Inside a called workflow, `job_workflow_*` name the called file. */
export function claimsOf(world: World, job: Job, audience?: string): Claims {
  const { run } = job;
  const { repository } = run;
  const now = Math.floor(world.clock.now() / 1000);
  const facts: Readonly<Record<string, string>> = {
    ref: run.ref,
    sha: run.sha,
    repository: repository.fullName,
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    repository_visibility: repository.visibility,
    repository_id: String(repository.id),
    actor_id: String(run.actor.id),
    actor: run.actor.login,
    workflow: run.name,
    head_ref: run.pull?.headRef ?? '',
    base_ref: run.pull?.baseRef ?? '',
    event_name: run.event,
    ref_protected: String(repository.protectedBranches.has(run.ref.replace(/^refs\/heads\//, ''))),
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_ref: workflowRef(run.workflow),
    workflow_sha: run.workflow.sha,
    job_workflow_ref: workflowRef(job.workflow),
    job_workflow_sha: job.workflow.sha,
    runner_environment: job.runner,
    check_run_id: String(job.id),
    ...(job.environment === undefined ? {} : { environment: job.environment }),
  };
  return {
    jti: randomUUID(),
    sub: subjectOf(job, facts),
    aud: audience ?? `${world.url}/${repository.owner.login}`,
    ...facts,
    iss: issuerOf(world),
    nbf: now - NOT_BEFORE_SECONDS,
    exp: now + Math.max(LIFE_SECONDS, LEAST_REAL_SECONDS * (world.clock.scale ?? 1)),
    iat: now,
  };
}

function workflowRef({ repository, path, ref }: WorkflowSource): string {
  return `${repository}/${path}@${ref}`;
}
