import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { ORDERS, type Stage, stageOn } from '@tenant-delivery/cli/demo/stage';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { RecordedCall } from '@tenant-delivery/local-aws';
import { bucketsOf } from '@tenant-delivery/local-aws/s3/state';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import type { RunEvent, RunResult } from '@tenant-delivery/local-github';
import { review } from '@tenant-delivery/local-github/world/approval';
import {
  type LocalPlatform,
  type PlatformOptions,
  startLocalPlatform,
  templateContracts,
} from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { warmActions } from '@tenant-delivery/local-platform/warm-actions';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

export { ORDERS };

/** Operations that change something outside of the record, and those that write the record. */
const CHANGING =
  /^(?!PutObject|Sign)(Put|Create|Update|Delete|Register|Deregister|Start|Stop|Run|Continue|Tag)/;
const RECORDING = /^(PutObject|Sign)$/;

/** Hundreds of steps load the same bundles from the same place. */
const CACHE = join(root, 'node_modules/.cache/tests');

export const actions = warmActions();
afterAll(() => actions.close());

/** Runs start actions warm; `bundles.test.ts` and the demo start each as GitHub's runner does. */
export const WARM: PlatformOptions = { actions: join(CACHE, 'actions'), startAction: actions.start };

export function openPlatform(options: PlatformOptions = {}): Promise<LocalPlatform> {
  return startLocalPlatform({ ...WARM, ...options });
}

/** What a run on the platform is given beside what it runs. */
export function runsOn({ runnerEnv, actions, startAction }: LocalPlatform) {
  return { env: runnerEnv, actions, ...(startAction && { startAction }) };
}

/** A silent stage: the demo's own, on a platform of its own. */
export async function openStage(options: PlatformOptions): Promise<Stage> {
  const platform = await openPlatform(options);
  const terminal = { line: () => {}, passing: () => {}, dim: plain, bold: plain };
  return stageOn(platform, terminal, claimsOn(terminal));
}

const plain = (text: string) => text;

/** Everything that the jobs of a run printed. */
export function logOf(result: RunResult): string {
  return result.jobs.map(({ log }) => log).join('\n');
}

/** Headlines of the error annotations of a run. */
export function errorsOf(
  result: RunResult,
): readonly { readonly title: string | undefined; readonly message: string }[] {
  return result.jobs
    .flatMap(({ annotations }) => annotations)
    .filter(({ level }) => level === 'error')
    .map(({ title, message }) => ({ title, message }));
}

/** What a change of acme's production went through. */
export async function statesOf(
  { tenants, trust }: LocalPlatform,
  service: string,
  change: string,
): Promise<readonly string[]> {
  const vault = tenants['acme']?.vault('prod');
  if (!vault) throw new Error('acme is on the stage');
  const events = await loadChange(vault, trust, { ...ORDERS, service }, change);
  return events.map(({ transition }) => transition.to);
}

/** Calls that took effect and changed more than the record, as `ecs:UpdateService`. */
export function changesIn(calls: readonly RecordedCall[]): readonly string[] {
  return named(calls, CHANGING);
}

/** Calls that took effect and wrote to the record. */
export function recordsIn(calls: readonly RecordedCall[]): readonly string[] {
  return named(calls, RECORDING);
}

function named(calls: readonly RecordedCall[], pattern: RegExp): readonly string[] {
  return calls
    .filter(({ operation, effects }) => effects > 0 && pattern.test(operation))
    .map(({ service, operation }) => `${service}:${operation}`);
}

/** Digests of everything that was pushed to the service's repository. */
export function pushed({ aws }: LocalPlatform): readonly string[] {
  const repository = ecrState(aws.world, ORDERS.account, ORDERS.region).repositories['acme/orders'];
  return [...Object.keys(repository?.manifests ?? {}), ...Object.keys(repository?.blobs ?? {})].sort();
}

/** Approves, as somebody, every job of acme/orders that waits for a review, once `ready` has been kept. */
export function approving(
  { github }: LocalPlatform,
  login: string,
  ready: () => Promise<void>,
): (event: RunEvent) => void {
  return (event) => {
    if (event.kind !== 'job-waiting' || event.on.kind !== 'reviewers') return;
    void ready().then(() => {
      const runs = github.world.repositories.get('acme/orders')?.runs ?? [];
      const waiting = runs.flatMap(({ pending }) => pending).find(({ job }) => job.id === event.job.apiId);
      if (waiting) review(github.world, waiting.job, { state: 'approved', login, comment: '' });
    });
  };
}

/** The template's contracts, acme's with further services like orders, so that stories do not disturb each other. */
export function acmeWith(...services: readonly string[]): readonly TenantContract[] {
  return templateContracts().map((contract) => {
    const prod = contract.environments['prod'];
    const orders = prod?.services['orders'];
    if (contract.id !== 'acme' || !prod || !orders) return contract;
    const named = (name: string) => ({
      ...orders,
      repository: `acme/${name}`,
      family: `acme-prod-${name}`,
      targetGroup: `acme-prod-${name}`,
      logGroup: `/td/acme/prod/${name}`,
    });
    const all = { orders, ...Object.fromEntries(services.map((name) => [name, named(name)])) };
    return {
      ...contract,
      repositories: contract.repositories.map((each) => ({ ...each, services: Object.keys(all) })),
      environments: { ...contract.environments, prod: { ...prod, services: all } },
    };
  });
}

/**
 * Changes an object of acme's vault as no right at AWS would allow, or removes it where `change` answers nothing.
 * Answers how to put it back.
 */
export function tamper(
  { aws }: LocalPlatform,
  key: string,
  change: (text: string) => string | undefined,
): () => void {
  const bucket = bucketsOf(aws.world)[`td-vault-acme-prod-${ORDERS.account}`];
  const versions = bucket?.objects[key];
  const last = versions?.at(-1);
  if (!versions || !last) throw new Error(`the vault has no ${key}`);
  const text = change(Buffer.from(aws.world.blobs.get(last.sha256) ?? []).toString());
  const bytes = Buffer.from(text ?? '');
  const version = { id: 'tampered', deleted: text === undefined, etag: '"tampered"', size: bytes.length };
  const { checksum: _, ...rest } = last; // it is of what was there: with it, a client would refuse to read what lies there now
  versions.push({ ...rest, ...version, sha256: aws.world.blobs.put(bytes) });
  return () => void versions.pop();
}

/** Puts something else in its place for as long as a step takes. */
export async function during<R, T extends object, K extends keyof T>(
  of: T,
  member: K,
  other: T[K],
  step: () => Promise<R>,
): Promise<R> {
  const own = of[member];
  of[member] = other;
  try {
    return await step();
  } finally {
    of[member] = own;
  }
}

/** Takes something away for as long as a step takes. */
export async function without<R, T>(
  of: Record<string, T>,
  member: string,
  step: () => Promise<R>,
): Promise<R> {
  const own = of[member];
  if (own === undefined) throw new Error(`there is no ${member} to take away`);
  delete of[member];
  try {
    return await step();
  } finally {
    of[member] = own;
  }
}
