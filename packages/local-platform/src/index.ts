import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Vault } from '@tenant-delivery/aws/s3-vault';
import { type Duty, isLocalAccount } from '@tenant-delivery/domain';
import { keyIdOf, keySigner, type TrustFile } from '@tenant-delivery/evidence';
import { type LocalAws, type OperatorKey, startLocalAws } from '@tenant-delivery/local-aws';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import {
  contractKey,
  cutTo,
  keyAlias,
  publishContract,
  sealContract,
  TenantContract,
  vaultBucket,
} from '@tenant-delivery/tenancy';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Vault } from '@tenant-delivery/vault';
import { AUTHOR, providerName, releasedTag, releaseInto, root } from './provider-repository.ts';

/** The people of the demo, by login. */
export const PEOPLE = {
  'dev-ana': 200010,
  'lead-ben': 200001,
  'lead-cam': 200002,
  'sre-kim': 300001,
} as const;

const SIGNING: readonly Duty[] = ['build', 'gate', 'approve', 'deploy'];

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
  readonly trust: TrustFile;
  /** What a runner's environment needs beside GitHub's own variables. */
  readonly runnerEnv: Readonly<Record<string, string>>;
  /** Where repositories and the trust file are. */
  readonly folder: string;
  /** `owner/name` of the provider's repository, and the tag that is released. */
  readonly provider: string;
  readonly tag: string;
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly scale?: number;
  readonly runtime?: 'process' | 'simulated';
  readonly port?: number;
  readonly githubPort?: number;
  /** Where local-aws keeps its state; in memory when absent. */
  readonly directory?: string;
  /** Contracts by file; those of `templates/operations-repo/tenants` when absent. */
  readonly contracts?: readonly TenantContract[];
}

export async function startLocalPlatform(options: PlatformOptions = {}): Promise<LocalPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'td-platform-'));
  const { port, githubPort, scale, runtime, directory } = options;
  const aws = await startLocalAws({
    ...(port !== undefined && { port }),
    ...(scale !== undefined && { scale }),
    ...(runtime !== undefined && { runtime }),
    ...(directory !== undefined && { directory }),
  });
  const github = await startLocalGithub({
    clock: aws.clock,
    ...(githubPort !== undefined && { port: githubPort }),
  });
  aws.trustIssuer(github.issuer);
  const contracts = options.contracts ?? templateContracts();
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  const tag = releasedTag();
  const { owner, name } = providerName();
  const provider = `${owner}/${name}`;
  const operatorKeys: Record<string, OperatorKey> = {};
  for (const contract of contracts) {
    operatorKeys[contract.id] = await aws.seedTenant(contract, { provider, releases: [`refs/tags/${tag}`] });
  }
  const trust = await publishContracts(aws, contracts, operatorKeys);
  const trustFile = join(folder, 'trust.json');
  writeFileSync(trustFile, JSON.stringify(trust, null, 2));
  await addRepositories(github, folder, contracts, tag);
  return {
    aws,
    github,
    trust,
    folder,
    provider,
    tag,
    tenants: Object.fromEntries(
      contracts.map((contract) => {
        const operator = operatorOf(operatorKeys, contract);
        return [
          contract.id,
          {
            contract,
            operator,
            vault: (environment: string) => operatorVault(aws, contract, environment, operator),
          },
        ];
      }),
    ),
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

/** The contracts that the operations template ships. */
export function templateContracts(): readonly TenantContract[] {
  const folder = join(root, 'templates/operations-repo/tenants');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const read = readYaml(readFileSync(join(folder, file), 'utf8'), TenantContract);
      if ('document' in read) return read.document;
      throw new Error(`${file}: ${read.mistakes.join('; ')}`);
    });
}

/** Signs and publishes each contract as a provider does, and collects every public key that events may be signed by. */
async function publishContracts(
  aws: LocalAws,
  contracts: readonly TenantContract[],
  operators: Readonly<Record<string, OperatorKey>>,
): Promise<TrustFile> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const from = new Date(aws.clock.now() - 60_000).toISOString();
  const keys: TrustFile['keys'][number][] = [
    { keyId: keyIdOf(pair.publicKey), duty: 'contract', publicKey: pem(pair.publicKey), from },
  ];
  const signer = keySigner(pair.privateKey, 'contract');
  for (const contract of contracts) {
    if (!isLocalAccount(contract.account))
      throw new Error(`${contract.id} is no tenant of local-aws: ${contract.account}`);
    for (const [environment, { region }] of Object.entries(contract.environments)) {
      const operator = operatorOf(operators, contract);
      const place = { tenant: contract.id, environment, account: contract.account, region };
      const kms = new KMSClient({ region, endpoint: aws.url, credentials: operator });
      for (const duty of SIGNING) {
        const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyAlias(place, duty) }));
        if (!PublicKey) throw new Error(`${keyAlias(place, duty)} has no public key`);
        const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
        keys.push({ keyId: keyIdOf(key), duty, publicKey: pem(key), tenant: contract.id, environment, from });
      }
      const sealed = await sealContract(cutTo(contract, environment), signer);
      const vault = operatorVault(aws, contract, environment, operator);
      if ((await vault.read(contractKey(environment))) === undefined) {
        await publishContract(vault, sealed, { schemaVersion: 1, keys }, { ...place, at: aws.clock.now() });
      }
    }
  }
  return { schemaVersion: 1, keys };
}

function operatorVault(
  aws: LocalAws,
  contract: TenantContract,
  environment: string,
  operator: OperatorKey,
): Vault {
  const region = contract.environments[environment]?.region ?? '';
  const place = { tenant: contract.id, environment, account: contract.account, region };
  const s3 = new S3Client({ region, endpoint: aws.url, credentials: operator });
  return s3Vault(s3, vaultBucket(place), contract.account);
}

function operatorOf(operators: Readonly<Record<string, OperatorKey>>, contract: TenantContract): OperatorKey {
  const operator = operators[contract.id];
  if (!operator) throw new Error(`${contract.id} was not seeded`);
  return operator;
}

function pem(key: ReturnType<typeof createPublicKey>): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** The provider's release, its operations repository, and one repository for each that a contract lists. */
async function addRepositories(
  github: LocalGithub,
  folder: string,
  contracts: readonly TenantContract[],
  tag: string,
): Promise<void> {
  const { owner, name } = providerName();
  const path = (fullName: string) => join(folder, 'repositories', `${fullName}.git`);
  const [first] = contracts;
  if (!first) throw new Error('a platform needs a contract');
  const ownerId = first.operations.ownerId;
  await releaseInto(path(`${owner}/${name}`), tag);
  github.addRepository({
    owner,
    ownerId,
    name,
    id: 700001,
    path: path(`${owner}/${name}`),
    visibility: 'public',
  });
  const operations = first.operations.repository.split('/')[1] ?? '';
  await addFromTemplate(github, path, 'operations-repo', {
    owner,
    ownerId,
    name: operations,
    id: first.operations.repositoryId,
    collaborators: { 'sre-kim': 'admin' },
  });
  for (const contract of contracts) {
    for (const { repository, repositoryId, ownerId: customer } of contract.repositories) {
      const [organisation = '', called = ''] = repository.split('/');
      await addFromTemplate(github, path, 'customer-repo', {
        owner: organisation,
        ownerId: customer,
        name: called,
        id: repositoryId,
        collaborators: { 'dev-ana': 'write', 'lead-ben': 'write', 'lead-cam': 'write', 'sre-kim': 'write' },
      });
      protect(github, repository, contract);
    }
    protect(github, contract.operations.repository, contract);
  }
}

async function addFromTemplate(
  github: LocalGithub,
  path: (fullName: string) => string,
  template: string,
  repository: Omit<Parameters<LocalGithub['addRepository']>[0], 'path'>,
): Promise<void> {
  const place = path(`${repository.owner}/${repository.name}`);
  mkdirSync(place, { recursive: true });
  await createGitRepository(place);
  const author =
    template === 'customer-repo' ? { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' } : AUTHOR;
  await commitFiles(place, {
    branch: 'main',
    folder: join(root, 'templates', template),
    message: 'Begin from the template',
    author,
  });
  github.addRepository({ ...repository, path: place });
}

/** Environments as the contract expects them. */
function protect(github: LocalGithub, repository: string, contract: TenantContract): void {
  for (const { approval, protection } of Object.values(contract.environments)) {
    github.setEnvironment(repository, {
      name: approval.environment,
      reviewers: [...new Set(Object.values(approval.roles).flat())],
      preventSelfReview: true,
      adminsBypass: false,
      branches: protection.branches,
    });
    github.setEnvironment(repository, {
      name: protection.environment,
      adminsBypass: false,
      branches: protection.branches,
    });
  }
}
