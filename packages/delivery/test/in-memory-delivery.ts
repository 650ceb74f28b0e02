import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import {
  CHANGE_STATES,
  type ChangeKind,
  type ChangeState,
  type Digest,
  DUTIES,
  type Duty,
  dutiesFor,
  type Image,
  imageEntersAt,
  isEnvironmentDuty,
  isPreApproved,
  type Target,
} from '@tenant-delivery/domain';
import type { Actor } from '@tenant-delivery/evidence/change-event';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import type { EnvironmentKey, TrustFile } from '@tenant-delivery/evidence/trust';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { agreedTrust, findContract } from '@tenant-delivery/tenancy/contract-in-force';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import type { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { resolveService } from '@tenant-delivery/tenancy/resolve';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import { admit } from '../src/admit.ts';
import { type ChangeHandle, openChange, resumeChange, type StepFacts } from '../src/change.ts';
import type { JobClaims } from '../src/claims.ts';
import type { CallerIdentity, DeliveryWorld, RecordWorld } from '../src/world.ts';

export interface InMemoryDelivery {
  readonly target: Target;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly trust: TrustFile;
  readonly contract: TenantContract;
  readonly signers: Readonly<Record<Duty, Signer>>;
  /** The world of a job that holds one duty's role. */
  as(duty: Duty, job?: Job): InMemoryWorld;
  admission(): Promise<Admission>;
  /** Brings a new change to a state along the usual way, each step signed by the duty that may; answers its id. */
  bring(to: ChangeState, given?: Given): Promise<string>;
  /** A change as the record has it now, in the hands of one duty. */
  find(change: string, duty?: Duty): Promise<ChangeHandle>;
}

export interface InMemoryWorld extends DeliveryWorld, Pick<RecordWorld, 'released' | 'agreed'> {
  readonly trust: TrustFile;
  readonly signer: Signer;
}

export interface Job {
  readonly runner?: Runner;
  readonly claims?: Partial<JobClaims>;
  readonly identity?: Partial<CallerIdentity>;
}

export interface Given {
  readonly kind?: ChangeKind;
  readonly revertOf?: string;
  readonly image?: Image;
  /** Of the run that brings it; that of acme/orders' usual run when absent. */
  readonly claims?: Partial<JobClaims>;
  /** Documents by the name under which the record names them; each is stored and added where it is usually made. */
  readonly documents?: Readonly<Record<string, unknown>>;
}

export const ACME: Target = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
};

export const ORDERS_IMAGE: Image = {
  repositoryUri: '127.0.0.1:5000/acme/orders',
  digest: `sha256:${'1'.repeat(64)}`,
};

export const ORDERS_MANIFEST: ServiceManifest = {
  schemaVersion: 1,
  tenant: 'acme',
  name: 'orders',
  layer: 'app',
  container: { name: 'orders', port: 8080 },
  health: { path: '/healthz', graceSeconds: 30 },
};

const LEAD_BEN: Actor = {
  kind: 'human',
  id: 'github:200001',
  login: 'lead-ben',
  role: 'customer',
  via: 'environment-review',
};

const CLAIMS: JobClaims = {
  sub: 'repo:acme/orders:ref:refs/heads/main',
  aud: 'sts.amazonaws.com',
  repository: 'acme/orders',
  repositoryId: '456789',
  repositoryOwnerId: '123456',
  jobWorkflowRef: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
  environment: '',
  ref: 'refs/heads/main',
  sha: '0123456789abcdef0123456789abcdef01234567',
  runId: '9001',
  runAttempt: 1,
  eventName: 'push',
  actor: 'dev-ana',
  actorId: '200010',
};

/** What has been read of the template, which stays as it is while a process runs. */
const contracts = new Map<string, TenantContract>();

/** The agreed contract of a tenant of the operations template; each caller has its own. */
export function templateContract(tenant: string): TenantContract {
  const known = contracts.get(tenant) ?? readTemplate(tenant);
  contracts.set(tenant, known);
  return structuredClone(known);
}

function readTemplate(tenant: string): TenantContract {
  const file = join(import.meta.dirname, `../../../templates/operations-repo/tenants/${tenant}.yaml`);
  const found = readYaml(readFileSync(file, 'utf8'), TenantContract);
  if ('document' in found) return found.document;
  throw new Error(`${file}: ${found.mistakes.join('; ')}`);
}

/** A delivery of acme's orders without any server: a vault, a published contract, and a key for every duty. */
export async function inMemoryDelivery(
  options: {
    readonly vault?: Vault;
    readonly clock?: Clock;
    readonly contract?: (agreed: TenantContract) => TenantContract;
    /** `prod` when absent. */
    readonly environment?: string;
    /** Of another environment of the same tenant, which one trust file knows too. */
    readonly keys?: ReturnType<typeof localKeys>;
    /** Where the public halves of the duties' keys are. In the trust file when absent; the contract key is always there. */
    readonly keysIn?: 'trust file' | 'contract';
  } = {},
): Promise<InMemoryDelivery> {
  const vault = options.vault ?? memoryVault();
  const clock = options.clock ?? fakeClock();
  const target: Target = { ...ACME, environment: options.environment ?? ACME.environment };
  const { signers, trust: known } = options.keys ?? keysOfAll();
  const { released, agreed } = splitKeys(known, options.keysIn ?? 'trust file');
  const contract = (options.contract ?? ((agreed) => agreed))(
    withKeys(cutTo(templateContract('acme'), target.environment), target.environment, agreed),
  );
  await vault.create(contractKey(target.environment), await sealContract(contract, signers.contract));
  const found = await findContract(vault, target.environment);
  const trust = agreedTrust(found, released, target, clock.now());

  const as = (duty: Duty, { runner, claims, identity }: Job = {}): InMemoryWorld => ({
    runner: runner ?? fakeRunner(),
    clock,
    vault,
    contract: () => findContract(vault, target.environment),
    trust,
    released,
    agreed: async () => trust,
    signer: signers[duty],
    identity: {
      account: ACME.account,
      arn: `arn:aws:sts::${ACME.account}:assumed-role/td-${target.environment}-${duty}/td-acme-${target.environment}-9001-1`,
      partition: 'aws',
      ...identity,
    },
    claims: { ...CLAIMS, ...claims },
  });
  const admission = () => admit(as('build'), target);
  const find = async (change: string, duty: Duty = 'build') =>
    resumeChange(as(duty), await admission(), change);

  return {
    target,
    vault,
    clock,
    trust,
    contract,
    signers,
    as,
    admission,
    find,
    bring: async (to, given = {}) => {
      const kind = given.kind ?? 'deploy';
      const admitted = await admission();
      const documents = await storeDocuments(vault, admitted, given.documents ?? {});
      const job: Job = given.claims ? { claims: given.claims } : {};
      let change = await openChange(as('build', job), admitted, {
        kind,
        evidence: documentsOf('proposed', documents),
        ...(given.revertOf && { revertOf: given.revertOf }),
      });
      let duty: Duty = 'build';
      for (const step of wayTo(to, kind)) {
        const next = signerOf(step, kind);
        if (next !== duty) change = await resumeChange(as(next, job), admitted, change.id); // another job
        duty = next;
        await change.append(step, factsOf(step, kind, given.image ?? ORDERS_IMAGE, documents));
      }
      return change.id;
    },
  };
}

function splitKeys(trust: TrustFile, keysIn: 'trust file' | 'contract') {
  if (keysIn === 'trust file') return { released: trust, agreed: [] };
  return {
    released: { ...trust, keys: trust.keys.filter(({ duty }) => !isEnvironmentDuty(duty)) },
    agreed: trust.keys.flatMap(({ duty, ...key }) => (isEnvironmentDuty(duty) ? [{ ...key, duty }] : [])),
  };
}

function withKeys(
  contract: TenantContract,
  environment: string,
  keys: readonly EnvironmentKey[],
): TenantContract {
  const agreed = contract.environments[environment];
  if (keys.length === 0 || !agreed) return contract;
  return { ...contract, environments: { [environment]: { ...agreed, keys: [...keys] } } };
}

let shared: ReturnType<typeof localKeys> | undefined;

/** The keys of every delivery of a process that brings none: hundreds of them need no others. */
function keysOfAll(): ReturnType<typeof localKeys> {
  shared ??= localKeys();
  return shared;
}

/** A key for every duty, and the trust file that names their public halves. */
export function localKeys(): {
  readonly signers: Readonly<Record<Duty, Signer>>;
  readonly trust: TrustFile;
  readonly privateKeys: Readonly<Record<Duty, string>>;
} {
  const pairs = DUTIES.map((duty) => ({ duty, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }));
  const byDuty = <T>(of: (pair: (typeof pairs)[number]) => T) =>
    Object.fromEntries(pairs.map((pair) => [pair.duty, of(pair)])) as Record<Duty, T>; // pairs has every duty
  return {
    signers: byDuty(({ duty, privateKey }) => keySigner(privateKey, duty)),
    privateKeys: byDuty(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    trust: {
      schemaVersion: 1,
      keys: pairs.map(({ duty, publicKey }) => ({
        keyId: keyIdOf(publicKey),
        duty,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        from: '2026-01-01T00:00:00Z',
      })),
    },
  };
}

const MADE_AT: Partial<Record<ChangeState, readonly string[]>> = {
  proposed: ['manifest', 'resolved'],
  built: ['image-record'],
  gated: ['image-record', 'verdict', 'findings'], // a rollback brings the record of the image that it returns to
  planned: ['plan'],
  approved: ['approvals', 'environment-protection'],
  deploying: ['report'],
  verified: ['health'],
};

async function storeDocuments(
  vault: Vault,
  admission: Admission,
  given: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, Digest>>> {
  const resolved = resolveService(
    admission.target,
    admission.environment,
    admission.service,
    ORDERS_MANIFEST,
  );
  if ('breaches' in resolved)
    throw new Error('the manifest of the testkit does not fit the contract template');
  const documents = {
    manifest: ORDERS_MANIFEST,
    resolved: resolved.resolved,
    plan: { stub: true },
    ...given,
  };
  const stored = Object.entries(documents).map(async ([name, document]) => {
    return [name, await putDocument(vault, document)] as const;
  });
  return Object.fromEntries(await Promise.all(stored));
}

function documentsOf(step: ChangeState, documents: Readonly<Record<string, Digest>>): Record<string, Digest> {
  const made = Object.values(MADE_AT).flat();
  const isOf = (name: string) =>
    MADE_AT[step]?.includes(name) || (step === 'proposed' && !made.includes(name));
  return Object.fromEntries(Object.entries(documents).filter(([name]) => isOf(name)));
}

function factsOf(
  step: ChangeState,
  kind: ChangeKind,
  image: Image,
  documents: Readonly<Record<string, Digest>>,
): StepFacts {
  const plan = documents['plan'];
  return {
    evidence: documentsOf(step, documents),
    ...(step === imageEntersAt(kind) && { image }),
    ...(step === 'approved' && { actor: LEAD_BEN }),
    ...(plan && ['planned', 'approved', 'deploying'].includes(step) && { plan }),
  };
}

function wayTo(to: ChangeState, kind: ChangeKind): readonly ChangeState[] {
  const way = CHANGE_STATES.slice(1, 8).filter(
    (state) =>
      (state !== 'built' || imageEntersAt(kind) === 'built') &&
      (state !== 'approved' || !isPreApproved(kind)),
  );
  const before: Partial<Record<ChangeState, ChangeState>> = {
    denied: imageEntersAt(kind) === 'built' ? 'built' : 'proposed',
    unchanged: 'gated',
    rejected: 'planned',
    expired: 'planned',
    failed: 'deploying',
    'rolled-back': 'deploying',
    withdrawn: 'proposed',
    abandoned: 'proposed',
  };
  const last = before[to] ?? to;
  const steps = way.slice(0, way.indexOf(last) + 1);
  return before[to] ? [...steps, to] : steps;
}

function signerOf(step: ChangeState, kind: ChangeKind): Duty {
  return dutiesFor(kind, step)[0] ?? 'build';
}
