import type { Host, HostRepository, HostRun, WorkflowSource } from './ports.ts';
import type { RunOptions } from './run-options.ts';
import { type Mapping, mapping, type Strings, text, toValue } from './value.ts';

export interface Facts {
  readonly host: Host;
  readonly repository: HostRepository;
  readonly options: RunOptions;
  readonly source: WorkflowSource;
  readonly workflowName: string;
  readonly dispatched: Strings | undefined;
}

/** The event's payload: what follows from the run, under what the caller gives. */
export function eventOf({ host, repository, options, source, dispatched }: Facts): Mapping {
  const [owner = '', name = ''] = repository.fullName.split('/');
  const sender = host.user(options.actor);
  const common = {
    repository: {
      id: repository.id,
      name,
      full_name: repository.fullName,
      private: repository.visibility === 'private',
      default_branch: repository.defaultBranch,
      html_url: `${host.serverUrl}/${repository.fullName}`,
      owner: { login: owner, id: repository.ownerId },
    },
    sender: { login: sender?.login ?? options.actor, id: sender?.id ?? 0 },
  };
  const own =
    options.event === 'push'
      ? { ref: options.ref, after: source.sha, head_commit: { id: source.sha } }
      : options.event === 'workflow_dispatch'
        ? { ref: options.ref, workflow: source.path, inputs: dispatched ?? {} }
        : {};
  return mapping(toValue({ ...common, ...own, ...options.payload }));
}

/** The `github` context of a run, without what belongs to a job (GitHub, "Contexts reference"). */
export function githubContext(facts: Facts, run: HostRun, event: Mapping): Mapping {
  const { host, repository, options, source } = facts;
  const [, kind, ...rest] = options.ref.split('/');
  const pull = mapping(event['pull_request']);
  return {
    actor: run.actor,
    actor_id: String(host.user(run.actor)?.id ?? ''),
    api_url: host.apiUrl,
    base_ref: text(mapping(pull['base'])['ref']),
    event,
    event_name: options.event,
    graphql_url: `${host.serverUrl}/api/graphql`,
    head_ref: text(mapping(pull['head'])['ref']),
    ref: options.ref,
    ref_name: rest.join('/'),
    ref_protected: kind === 'heads' && repository.isProtected(rest.join('/')),
    ref_type: kind === 'tags' ? 'tag' : 'branch',
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repository_owner_id: String(repository.ownerId),
    repositoryUrl: `git://${new URL(host.serverUrl).host}/${repository.fullName}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: run.fromFork ? 'None' : 'Actions',
    server_url: host.serverUrl,
    sha: source.sha,
    triggering_actor: options.triggeringActor ?? options.actor,
    workflow: facts.workflowName,
    workflow_ref: `${source.repository}/${source.path}@${source.ref}`,
    workflow_sha: source.sha,
  };
}
