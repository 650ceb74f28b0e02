import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import {
  type LocalAws,
  type OperatorKey,
  operatorArn,
  startLocalAws,
  type VirtualClock,
  type World,
} from '@tenant-delivery/local-aws';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import type { StartProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { renderTenant } from '@tenant-delivery/provisioning/environment';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Vault } from '@tenant-delivery/vault/ports';
import { applyByHand, completed, emptyAccount } from './by-hand.ts';
import { operatorOf, operatorVault } from './operator.ts';
import { type LocalRelease, releaseHere, root } from './provider-repository.ts';
import { publishContracts } from './publish-contracts.ts';
import { addRepositories } from './repositories.ts';

/** The people of the demo, by login. */
const PEOPLE = {
  'dev-ana': 200010,
  'lead-ben': 200001,
  'lead-cam': 200002,
  'lead-eli': 200003,
  'sre-kim': 300001,
  'sre-lou': 300002,
} as const;

const IN_TRUST_FILE = ['acme'];

export interface LocalTenant {
  readonly contract: TenantContract;
  readonly operator: OperatorKey;
  /** The vault of an environment, by the operator's key. */
  vault(environment: string): Vault;
}

/** Both servers with everything a provider and its tenants would have set up, over the very same APIs. */
export interface LocalPlatform {
  readonly aws: LocalAws;
  readonly github: LocalGithub;
  readonly tenants: Readonly<Record<string, LocalTenant>>;
  /** Every key that may sign, wherever it is named: what a verifier believes who has trust file and contracts. */
  readonly trust: TrustFile;
  /** What the trust file names alone. */
  readonly released: TrustFile;
  /** Signs and publishes the next serial of a contract, as its provider does. */
  publish(contract: TenantContract): Promise<void>;
  /** Writes what came of its network into a contract and publishes it; answers the new serial. */
  complete(contract: TenantContract): Promise<TenantContract>;
  /** What a runner's environment needs beside GitHub's own variables. */
  readonly runnerEnv: Readonly<Record<string, string>>;
  /** Where repositories and the trust file are. */
  readonly folder: string;
  /** Where runs keep the trees of actions, by commit. */
  readonly actions: string;
  /** Starts the actions of runs; each in a process of its own when absent. */
  readonly startAction?: StartProcess;
  /** `owner/name` of the provider's repository, and the tag that is released. */
  readonly provider: string;
  readonly tag: string;
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly scale?: number;
  /** The time of both servers, in place of `scale`: such as one that passes only when it is told to. */
  readonly clock?: VirtualClock;
  /** What runs tasks; `process` when absent. */
  readonly runtime?: World['runtime'];
  readonly port?: number;
  readonly githubPort?: number;
  /** Where local-aws keeps its state; in memory when absent. */
  readonly directory?: string;
  /** Where runs keep the trees of actions; gone with the platform unless told. */
  readonly actions?: string;
  readonly startAction?: StartProcess;
  /** Contracts by file; those of `templates/operations-repo/tenants` when absent. */
  readonly contracts?: readonly TenantContract[];
  /** Tenants whose accounts are empty but for what an administrator applies by hand; none when absent. */
  readonly empty?: readonly TenantContract[];
  /** Tenants of whom there are an account with an operator and a base image, and a repository with a README; nothing is applied or published. */
  readonly bare?: readonly TenantContract[];
  /** Environments of the templates' contracts that are set up; production alone when absent. */
  readonly environments?: readonly string[];
  /** Tenants whose duties' keys the trust file names, and not their contract: acme when absent. */
  readonly inTrustFile?: readonly string[];
  /** What is released; this work tree when absent. */
  readonly release?: LocalRelease;
}

export async function startLocalPlatform(options: PlatformOptions = {}): Promise<LocalPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'td-platform-'));
  const { aws, github } = await startServers(options);
  const release = options.release ?? releaseHere();
  const { tag, repository: provider } = release;
  const { agreed, byHand, bare, operators } = await addAccounts(aws, release, options);
  const {
    contracts: published,
    released,
    trust,
    publish,
  } = await publishContracts(aws, [...agreed, ...byHand], {
    operators,
    directory: options.directory,
    inTrustFile: options.inTrustFile ?? IN_TRUST_FILE,
  });
  const trustFile = join(folder, 'trust.json');
  writeFileSync(trustFile, JSON.stringify(released, null, 2));
  await addRepositories(github, folder, { published, bare }, release);
  return {
    aws,
    github,
    trust,
    released,
    publish,
    complete: async (contract) => {
      const next = await completed(aws, contract, operatorOf(operators, contract));
      await publish(next);
      return next;
    },
    folder,
    actions: options.actions ?? join(folder, 'actions'),
    ...(options.startAction && { startAction: options.startAction }),
    provider,
    tag,
    tenants: tenantsOf(aws, [...published, ...bare], operators),
    runnerEnv: {
      AWS_ENDPOINT_URL: aws.url,
      LOCAL_CLOCK: aws.clock.variable,
      TENANT_DELIVERY_LOCAL_TRUST: trustFile,
    },
    close: async () => {
      await github.close();
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Both servers, with one clock, and with the people of the stories. AWS trusts the identities of that GitHub. */
async function startServers({ port, githubPort, scale, clock, runtime, directory }: PlatformOptions) {
  const aws = await startLocalAws({
    ...(port !== undefined && { port }),
    ...(scale !== undefined && { scale }),
    ...(clock && { clock }),
    ...(runtime !== undefined && { runtime }),
    ...(directory !== undefined && { directory }),
  });
  const github = await startLocalGithub({
    clock: aws.clock,
    ...(githubPort !== undefined && { port: githubPort }),
  });
  aws.trustIssuer(github.issuer);
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  return { aws, github };
}

type Operators = Readonly<Record<string, OperatorKey>>;

/** An account for every tenant: set up as agreed, by hand, or not at all. */
async function addAccounts(
  aws: LocalAws,
  { tag, repository: provider, templates }: LocalRelease,
  options: PlatformOptions,
) {
  const operators: Record<string, OperatorKey> = {};
  const agreed = options.contracts ?? templateContracts(options.environments, templates);
  for (const contract of agreed)
    operators[contract.id] = await aws.seedTenant(contract, {
      identities: renderTenant(contract, { provider, releases: [tag], publishers: [operatorArn(contract)] }),
    });
  const addEmpty = async (given: TenantContract): Promise<TenantContract> => {
    const { contract, operator } = await emptyAccount(aws, given);
    operators[contract.id] = operator;
    return contract;
  };
  const byHand: TenantContract[] = [];
  for (const given of options.empty ?? []) {
    const contract = await addEmpty(given);
    const { publishers = [] } = contract;
    await applyByHand(aws, contract, operatorOf(operators, contract), {
      provider,
      releases: [tag],
      publishers,
    });
    byHand.push(contract);
  }
  const bare: TenantContract[] = [];
  for (const given of options.bare ?? []) bare.push(await addEmpty(given));
  return { agreed, byHand, bare, operators };
}

function tenantsOf(
  aws: LocalAws,
  contracts: readonly TenantContract[],
  operators: Operators,
): LocalPlatform['tenants'] {
  return Object.fromEntries(
    contracts.map((contract) => {
      const operator = operatorOf(operators, contract);
      const vault = (environment: string) => operatorVault(aws, contract, environment, operator);
      return [contract.id, { contract, operator, vault }];
    }),
  );
}

/** The contract of the tenant whose account is empty. */
export function umbrellaContract(): TenantContract {
  return readContract(join(import.meta.dirname, '../tenants/umbrella.yaml'));
}

/** The contracts that the operations template ships, with some of their environments. */
export function templateContracts(
  environments: readonly string[] = ['prod'],
  templates = join(root, 'templates'),
): readonly TenantContract[] {
  const folder = join(templates, 'operations-repo/tenants');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => withEnvironments(readContract(join(folder, file)), environments));
}

function readContract(file: string): TenantContract {
  const read = readYaml(readFileSync(file, 'utf8'), TenantContract);
  if ('document' in read) return read.document;
  throw new Error(`${file}: ${read.mistakes.join('; ')}`);
}

function withEnvironments(contract: TenantContract, names: readonly string[]): TenantContract {
  const kept = Object.entries(contract.environments).filter(([name]) => names.includes(name));
  return { ...contract, environments: Object.fromEntries(kept) };
}
