import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf } from '@tenant-delivery/evidence/keys';
import { type LocalAws, operatorArn, startLocalAws } from '@tenant-delivery/local-aws';
import { iamOf, putRole } from '@tenant-delivery/local-aws/services/iam';
import { putSigningKey } from '@tenant-delivery/local-aws/services/kms';
import {
  type LocalGithub,
  type RunOptions,
  type RunResult,
  runWorkflow,
  startLocalGithub,
} from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository, setRef } from '@tenant-delivery/local-github/git/write';
import { authorOf, push } from '@tenant-delivery/local-github/world/activity';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { renderTenant } from '@tenant-delivery/provisioning/environment';
import { releasedFiles } from '@tenant-delivery/release/released-files';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { actAsLocalCopy } from './local-copy.ts';

actAsLocalCopy();

export const OPERATIONS = 'OWNER/tenant-operations';
const PROVIDER_ACCOUNT = '999900001111';
const KEY = 'alias/contract';
const REGION = 'eu-west-1';
const GITHUB = 'token.actions.githubusercontent.com';
const PEOPLE = {
  'dev-ana': 200010,
  'sre-kim': 300001,
  'sre-lou': 300002,
  'sre-max': 300003,
  'ops-eve': 300004,
} as const;
export type Login = keyof typeof PEOPLE;

/** acme's contract as its file has it, and what has to be so that `contracts.yml` runs whole: as the README of the template says. */
export interface OperationsStage {
  readonly github: LocalGithub;
  readonly operations: Repository;
  /** The repository of the provider, with a release under its tag. */
  readonly provider: Repository;
  /** The trust file of that release. */
  readonly trust: string;
  /** The private half of the contract key, as a provider has it who keeps a copy for a bad day. */
  readonly privateKey: string;
  readonly operator: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A folder that goes away with the stage. */
  readonly folder: string;
  readonly aws: LocalAws;
  run(options: Pick<RunOptions, 'event' | 'ref' | 'actor'> & Partial<RunOptions>): Promise<RunResult>;
  close(): Promise<void>;
}

/** `files`: what the operations repository has, by path. */
export async function operationsStage(files: Readonly<Record<string, string>>): Promise<OperationsStage> {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  const github = await startLocalGithub();
  const aws = await startLocalAws({ issuer: github.issuer, runtime: 'simulated' });
  process.env['AWS_ENDPOINT_URL'] = aws.url; // the SDK reads it by itself
  const read = readYaml(files['tenants/acme.yaml'] ?? '', TenantContract);
  if ('mistakes' in read) throw new Error(read.mistakes.join('; '));
  const contract = read.document;
  const publisher = `arn:aws:iam::${contract.account}:role/contracts`;
  const publishers = [operatorArn(contract), publisher];
  const operator = await aws.seedTenant(contract, {
    identities: renderTenant(contract, {
      provider: 'OWNER/tenant-delivery',
      releases: ['v0.1.0'],
      publishers,
    }),
  });
  const privateKey = rolesAndKey(aws, contract.account);
  const { provider, trust } = await releaseWith(createPublicKey(privateKey), folder, github);
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  const path = join(folder, 'operations.git');
  await createGitRepository(path);
  const operations = github.addRepository({
    ...{ owner: 'OWNER', ownerId: 700000, name: 'tenant-operations', id: 700002, path },
    collaborators: Object.fromEntries(Object.keys(PEOPLE).map((login) => [login, 'write' as const])),
  });
  const author = authorOf(userNamed(github.world, 'ops-eve'));
  await push(github.world, operations, { branch: 'main', files, message: 'Begin', author, by: 'ops-eve' });
  const reviewers = Object.values(PEOPLE);
  github.setEnvironment(OPERATIONS, {
    name: 'contracts',
    reviewers,
    preventSelfReview: true,
    branches: ['main'],
  });
  return {
    ...{ github, operations, provider, trust, privateKey, operator, folder, aws },
    run: (options) =>
      runWorkflow({
        github,
        repository: OPERATIONS,
        workflow: '.github/workflows/contracts.yml',
        variables: {
          CONTRACT_KEY: KEY,
          CONTRACT_KEY_REGION: REGION,
          CONTRACT_SIGNER_ROLE: `arn:aws:iam::${PROVIDER_ACCOUNT}:role/contracts`,
          CONTRACT_PUBLISHER_ROLE: 'arn:aws:iam::ACCOUNT:role/contracts',
        },
        env: { AWS_ENDPOINT_URL: aws.url },
        ...options,
      }),
    close: async () => {
      await github.close();
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two roles for the job in the environment `contracts` alone, and the provider's key in an account of its own. */
function rolesAndKey({ world, addAccount }: LocalAws, tenant: string) {
  addAccount(PROVIDER_ACCOUNT);
  const trust = (account: string) => ({
    Version: '2012-10-17' as const,
    Statement: [
      {
        Effect: 'Allow' as const,
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${GITHUB}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${GITHUB}:aud`]: 'sts.amazonaws.com',
            [`${GITHUB}:sub`]: `repo:${OPERATIONS}:environment:contracts`,
          },
        },
      },
    ],
  });
  const role = (account: string, Action: readonly string[], Resource: readonly string[]) =>
    putRole(world, account, {
      ...{ partition: 'aws', name: 'contracts', path: '/', description: 'signs or publishes contracts' },
      ...{ maxSessionDuration: 3600, tags: {}, trust: trust(account) },
      policies: {
        contracts: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: [...Action], Resource: [...Resource] }],
        },
      },
    });
  const provider = `arn:aws:iam::${PROVIDER_ACCOUNT}:oidc-provider/${GITHUB}`;
  iamOf(world, PROVIDER_ACCOUNT).oidcProviders[GITHUB] = {
    arn: provider,
    host: GITHUB,
    audiences: ['sts.amazonaws.com'],
  };
  const { arn, privateKey } = putSigningKey(world, PROVIDER_ACCOUNT, REGION, {
    ...{ partition: 'aws', alias: KEY, description: 'signs contracts' },
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${PROVIDER_ACCOUNT}:role/contracts` },
          Action: ['kms:Sign', 'kms:GetPublicKey'],
          Resource: '*',
        },
      ],
    },
  });
  role(PROVIDER_ACCOUNT, ['kms:Sign', 'kms:GetPublicKey'], [arn]);
  const vaults = 'arn:aws:s3:::td-vault-*';
  role(tenant, ['s3:GetObject', 's3:ListBucket', 's3:PutObject'], [vaults, `${vaults}/*`]);
  return privateKey;
}

/** What this work tree releases, with a trust file that names the contract key. */
async function releaseWith(publicKey: KeyObject, folder: string, github: LocalGithub) {
  const path = join(folder, 'tenant-delivery.git');
  await createGitRepository(path);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const key = { keyId: keyIdOf(publicKey), duty: 'contract', publicKey: pem, from: '2026-01-01T00:00:00Z' };
  const trust = JSON.stringify({ schemaVersion: 1, keys: [key] });
  const commit = await commitFiles(path, {
    ...{ branch: 'main', folder: root, only: releasedFiles(root) },
    files: { 'trust/provider.json': trust },
    ...{ message: 'Release v0.1.0', author: { name: 'Kim', email: 'kim@example.org' } },
  });
  await setRef(path, 'refs/tags/v0.1.0', commit);
  const provider = github.addRepository({
    ...{ owner: 'OWNER', ownerId: 700000, name: 'tenant-delivery', id: 700001, path, visibility: 'public' },
  });
  return { provider, trust };
}

/** Files of the operations template, by path, without those that a test leaves out. */
export function operationsFiles(): Readonly<Record<string, string>> {
  const template = join(root, 'templates/operations-repo');
  const names = releasedFiles(root)
    .filter((name) => name.startsWith('templates/operations-repo/'))
    .map((name) => name.slice('templates/operations-repo/'.length));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(template, name), 'utf8')]));
}
