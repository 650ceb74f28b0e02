import { join } from 'node:path';
import { evidenceIn } from '@tenant-delivery/delivery/change';
import { exportEvidence } from '@tenant-delivery/delivery/export-evidence';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { RunResult, runWorkflow } from '@tenant-delivery/local-github';
import { resolveCommit } from '@tenant-delivery/local-github/git/resolve';
import { setRef } from '@tenant-delivery/local-github/git/write';
import { authorOf, push } from '@tenant-delivery/local-github/world/activity';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import { getBytes } from '@tenant-delivery/vault/objects';
import type { Terminal } from '../terminal/terminal.ts';
import type { Claims } from './claims.ts';
import { type KeptRun, playAndKeep } from './kept-run.ts';

const ANA = { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' };

/** One tenant's service, as every scene of the demo sees it. */
export const ORDERS = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
} as const;

export interface Delivery {
  readonly result: RunResult;
  /** Empty when no change was opened. */
  readonly change: string;
  readonly outcome: string;
  /** Real milliseconds. */
  readonly took: number;
}

/** What a scene may do: commit as the customer, run workflows, and look at what is really there. */
export interface Stage {
  readonly platform: LocalPlatform;
  readonly terminal: Terminal;
  readonly claims: Claims;
  /** Every run that was played to its end, in order. */
  readonly runs: KeptRun[];
  /** Commits to a branch of the customer's repository; answers the commit. */
  commit(message: string, files: Readonly<Record<string, string>>, branch?: string): Promise<string>;
  /** Commits to main and pushes it as somebody else; answers the commit. */
  push(login: string, message: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs the customer's delivery workflow for the newest commit of main. */
  deliver(): Promise<Delivery>;
  run(options: Omit<Parameters<typeof runWorkflow>[0], 'github' | 'env'>): Promise<Delivery>;
  events(change: string): Promise<readonly ChangeEvent[]>;
  evidence(change: string): Promise<string>;
  /** A document that the change names, as the vault has it. */
  document(change: string, name: string): Promise<Readonly<Record<string, unknown>>>;
  /** What the service answers behind the internal balancer. */
  ask(path?: string): Promise<{ readonly status: number; readonly body: string }>;
  /** How often an operation took effect at AWS since the last call of `mark`. */
  effects(service: string, operation: string): number;
  mark(): void;
}

export function stageOn(
  platform: LocalPlatform,
  terminal: Terminal,
  claims: Claims,
  signal?: AbortSignal,
): Stage {
  const runs: KeptRun[] = [];
  const run = runsOn(platform, { terminal, runs }, signal);
  return {
    platform,
    terminal,
    claims,
    runs,
    run,
    deliver: () =>
      run({
        repository: 'acme/orders',
        workflow: '.github/workflows/deliver.yml',
        ref: 'refs/heads/main',
        event: 'push',
        actor: 'dev-ana',
        approveAs: 'lead-ben',
      }),
    ...commitsTo(platform),
    ...recordOn(platform),
    ...effectsAt(platform),
    ask: async (path = '/') => {
      const balancer = `${platform.aws.url}/_local/balancers/${ORDERS.account}/acme-prod-internal`;
      const answer = await fetch(`${balancer}${path}`);
      return { status: answer.status, body: (await answer.text()).trim() };
    },
  };
}

function runsOn(
  platform: LocalPlatform,
  kept: { readonly terminal: Terminal; readonly runs: KeptRun[] },
  signal?: AbortSignal,
): Stage['run'] {
  return async (options) => {
    const started = performance.now();
    signal?.throwIfAborted();
    const result = await playAndKeep(kept, {
      ...(signal && { signal }),
      github: platform.github,
      env: platform.runnerEnv,
      actions: platform.actions,
      ...(platform.startAction && { startAction: platform.startAction }),
      ...options,
    });
    signal?.throwIfAborted(); // a run that was interrupted proves and disproves no claim
    const called = Object.values(result.needs).find(({ outputs }) => 'outcome' in outputs);
    return {
      result,
      change: called?.outputs['change'] ?? '',
      outcome: called?.outputs['outcome'] ?? '',
      took: performance.now() - started,
    };
  };
}

function commitsTo({ folder, github: { world } }: LocalPlatform): Pick<Stage, 'commit' | 'push'> {
  return {
    commit: async (message, files, branch = 'main') => {
      const path = join(folder, 'repositories/acme/orders.git');
      const main = await resolveCommit(path, 'refs/heads/main');
      if (branch !== 'main' && main !== undefined) await setRef(path, `refs/heads/${branch}`, main);
      return push(world, repositoryNamed(world, 'acme/orders'), {
        branch,
        files,
        message,
        author: ANA,
        by: ANA.name,
      });
    },
    push: (login, message, files) =>
      push(world, repositoryNamed(world, 'acme/orders'), {
        branch: 'main',
        files,
        message,
        author: authorOf(userNamed(world, login)),
        by: login,
      }),
  };
}

function recordOn({
  tenants,
  trust,
  released,
}: LocalPlatform): Pick<Stage, 'events' | 'evidence' | 'document'> {
  const vault = () => tenants[ORDERS.tenant]?.vault(ORDERS.environment) ?? missing('the tenant acme');
  const events = (change: string) => loadChange(vault(), trust, ORDERS, change);
  return {
    events,
    evidence: (change) => exportEvidence(vault(), released, ORDERS, change),
    document: async (change, name) => {
      const digest = evidenceIn(await events(change), name) ?? missing(`a ${name} of ${change}`);
      const bytes = await getBytes(vault(), digest);
      if (typeof bytes === 'string') throw new Error(`the ${name} of ${change} is ${bytes}`);
      return JSON.parse(Buffer.from(bytes).toString()) as Readonly<Record<string, unknown>>; // every document is an object
    },
  };
}

function effectsAt({ aws }: LocalPlatform): Pick<Stage, 'mark' | 'effects'> {
  let from = 0;
  return {
    mark: () => {
      from = aws.calls.length;
    },
    effects: (service, operation) =>
      aws.calls
        .slice(from)
        .filter((call) => call.service === service && call.operation === operation)
        .reduce((sum, call) => sum + call.effects, 0),
  };
}

function missing(what: string): never {
  throw new Error(`${what} is not on the stage`);
}
