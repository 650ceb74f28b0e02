import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { ecrOwnRegistry } from '@tenant-delivery/aws/ecr/own-registry';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import type { AmbientSession } from '@tenant-delivery/aws/session/ambient-session';
import { ACME } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import { actionDefaults } from '@tenant-delivery/testkit/action-defaults';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { AloneWorld } from '../../src/alone/alone-world.ts';
import { runAlone } from '../../src/alone/run-alone.ts';
import { readBuildInputs } from '../../src/inputs.ts';
import { type LocalRegistry, localRegistry } from '../local-registry.ts';

export const { account, region } = ACME;
export const SHA = '0123456789abcdef0123456789abcdef01234567';
export const REPOSITORY = 'web/shop';

/** Of the test that runs. */
export let local: LocalRegistry;
export let folder: string;
let session: AmbientSession;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'td-alone-'));
  local = await localRegistry();
  session = sessionAs(`arn:aws:sts::${account}:assumed-role/ci/main`);
  repository('MUTABLE');
});

afterEach(async () => {
  await local.aws.close();
  rmSync(folder, { recursive: true });
});

/** The repository without a contract, which is made if there is none. */
export function repository(tagMutability: 'MUTABLE' | 'IMMUTABLE') {
  seedRepository(local.aws.world, account, region, REPOSITORY).tagMutability = tagMutability;
}

/** Whose credentials the job has. */
export function actAs(arn: string): void {
  session = sessionAs(arn);
}

function sessionAs(arn: string): AmbientSession {
  const { clock, clientConfig } = local.session;
  return {
    region,
    local: true,
    clock,
    identity: { account, arn, partition: 'aws' },
    credentialsUntil: 'untold',
    clientConfig,
  };
}

export const usual = actionDefaults(new URL('../../action.yml', import.meta.url));

export interface Situation {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly sha?: string;
  readonly world?: (usual: AloneWorld) => Partial<AloneWorld>;
}

export const HOST = () => new URL(local.aws.url).host;
export const named = (tag: string) => `${HOST()}/${REPOSITORY}:${tag}`;

export async function build({ inputs = {}, files = {}, sha = SHA, world }: Situation) {
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
  mkdirSync(temp, { recursive: true });
  const all = { Dockerfile: 'FROM scratch\nCOPY page /page\n', page: 'hello', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const runner = fakeRunner({
    inputs: { ...usual, contract: 'none', ...inputs },
    context: { workspace, temp, sha },
  });
  const requested = readBuildInputs(runner);
  if (requested.kind !== 'alone') throw new Error('these inputs are of a contract');
  const loaded: { readonly names: readonly string[]; readonly root: string }[] = [];
  const normal: AloneWorld = {
    runner,
    clock: local.aws.clock,
    variable: () => undefined,
    source: { commit: async () => ({ sha, seconds: 1_800_000_000 }) },
    builders: {
      buildxUnavailable: async () => 'there is no docker program',
      loadUnavailable: async () => undefined,
      buildx: () => {
        throw new Error('this test has no buildx');
      },
      own: ownBuilder,
      load: async (_, root, names) => {
        loaded.push({ root: root.digest, names });
      },
    },
    aws: {
      identity: session.identity,
      region,
      local: true,
      registry: ecrOwnRegistry(session, runner.mask),
      inspections: ecrInspections({ ...session, target: session.identity }, 'build'),
    },
  };
  const outcome = await runAlone(requested.given, { ...normal, ...world?.(normal) });
  return { outcome, runner, loaded };
}

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure, but ${String(thrown)}`);
}

/** Tags of the repository, with the images that they name. */
export function tags(): Readonly<Record<string, string>> {
  return { ...ecrState(local.aws.world, account, region).repositories[REPOSITORY]?.tags };
}

export const OTHER = { files: { page: 'changed' }, sha: 'f'.repeat(40) };
