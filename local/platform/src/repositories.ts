import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { approvalEnvironments } from '@tenant-delivery/tenancy/break-glass';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { AUTHOR, type LocalRelease, releaseInto } from './provider-repository.ts';

/** The contracts of a platform. The operations repository knows nothing of those that are bare. */
interface Agreed {
  readonly published: readonly TenantContract[];
  readonly bare: readonly TenantContract[];
}

const ANA = { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' };

/** The provider's release, its operations repository, and one repository for each that a contract lists. */
export async function addRepositories(
  github: LocalGithub,
  folder: string,
  { published, bare }: Agreed,
  release: LocalRelease,
): Promise<void> {
  const contracts = [...published, ...bare];
  const [owner = '', name = ''] = release.repository.split('/');
  const path = (fullName: string) => join(folder, 'repositories', `${fullName}.git`);
  const [first] = contracts;
  if (!first) throw new Error('a platform needs a contract');
  const ownerId = first.operations.ownerId;
  await releaseInto(path(release.repository), release);
  github.addRepository({
    owner,
    ownerId,
    name,
    id: 700001,
    path: path(release.repository),
    visibility: 'public',
  });
  const operations = first.operations.repository.split('/')[1] ?? '';
  await addFromTemplate(github, path, release, 'operations-repo', {
    owner,
    ownerId,
    name: operations,
    id: first.operations.repositoryId,
    collaborators: { 'sre-kim': 'admin' },
    files: ofFurtherTenants(release, published),
  });
  for (const contract of contracts) {
    for (const { repository, repositoryId, ownerId: customer } of contract.repositories) {
      const [organisation = '', called = ''] = repository.split('/');
      const place = {
        owner: organisation,
        ownerId: customer,
        name: called,
        id: repositoryId,
        collaborators: {
          'dev-ana': 'write',
          'lead-ben': 'write',
          'lead-cam': 'write',
          'lead-eli': 'write',
          'sre-kim': 'write',
        },
      } as const;
      if (bare.includes(contract)) await addEmpty(github, path, place);
      else
        await addFromTemplate(github, path, release, 'customer-repo', {
          ...place,
          files: ofTenant(release, contract),
        });
      protect(github, repository, contract);
    }
    protect(github, contract.operations.repository, contract);
    protectOtherSide(github, contract);
    protectGrants(github, contract);
  }
}

type Repository = Omit<Parameters<LocalGithub['addRepository']>[0], 'path'>;

/** As GitHub makes one: with a README. */
async function addEmpty(
  github: LocalGithub,
  path: (fullName: string) => string,
  repository: Repository,
): Promise<void> {
  const place = path(`${repository.owner}/${repository.name}`);
  await createGitRepository(place);
  const files = { 'README.md': `# ${repository.name}\n` };
  await commitFiles(place, { branch: 'main', files, message: 'Initial commit', author: ANA });
  github.addRepository({ ...repository, path: place });
}

async function addFromTemplate(
  github: LocalGithub,
  path: (fullName: string) => string,
  { templates }: LocalRelease,
  template: string,
  { files, ...repository }: Repository & { readonly files: Readonly<Record<string, string>> },
): Promise<void> {
  const place = path(`${repository.owner}/${repository.name}`);
  mkdirSync(place, { recursive: true });
  await createGitRepository(place);
  const author = template === 'customer-repo' ? ANA : AUTHOR;
  await commitFiles(place, {
    branch: 'main',
    folder: join(templates, template),
    files,
    message: 'Begin from the template',
    author,
  });
  github.addRepository({ ...repository, path: place });
}

/** The tenants that the template of the operations repository does not have: their contracts, and their names to choose from. */
function ofFurtherTenants(
  { templates }: LocalRelease,
  contracts: readonly TenantContract[],
): Readonly<Record<string, string>> {
  const folder = join(templates, 'operations-repo');
  const further = contracts.filter(({ id }) => !existsSync(join(folder, 'tenants', `${id}.yaml`)));
  if (further.length === 0) return {};
  const names = further.map(({ id }) => id).join(', ');
  const workflows = globSync('.github/workflows/*.yml', { cwd: folder }).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [file, text.replace('options: [acme, globex]', `options: [acme, globex, ${names}]`)] as const;
  });
  const files = further.map((each) => [`tenants/${each.id}.yaml`, JSON.stringify(each, null, 2)] as const);
  return Object.fromEntries([...workflows, ...files]);
}

/** The template of a customer's repository is acme's. A tenant beside those of the templates has its own names in it. */
function ofTenant({ templates }: LocalRelease, contract: TenantContract): Readonly<Record<string, string>> {
  const [service] = Object.keys(Object.values(contract.environments)[0]?.services ?? {});
  if (service === undefined || existsSync(join(templates, 'operations-repo/tenants', `${contract.id}.yaml`)))
    return {};
  const files = ['.github/workflows/deliver.yml', '.delivery/service.yaml'].map((file) => {
    const text = readFileSync(join(templates, 'customer-repo', file), 'utf8');
    const named = text
      .replaceAll('acme', contract.id)
      .replaceAll('orders', service)
      .replaceAll('000011112222', contract.account);
    return [file, named] as const;
  });
  return Object.fromEntries(files);
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

/** What is taken away, somebody of another role approves too, in the operations repository. */
function protectOtherSide(github: LocalGithub, { operations, environments }: TenantContract): void {
  for (const { approval, protection } of Object.values(environments)) {
    const already = Object.keys(approval.required).flatMap((role) => approval.roles[role] ?? []);
    const others = Object.values(approval.roles)
      .flat()
      .filter((id) => !already.includes(id));
    github.setEnvironment(operations.repository, {
      name: `${approval.environment}-second`,
      reviewers: [...new Set(others)],
      preventSelfReview: true,
      adminsBypass: false,
      branches: protection.branches,
    });
  }
}

/** Grants of the role for incidents want one approval in each of two environments of the operations repository. */
function protectGrants(github: LocalGithub, { operations, environments }: TenantContract): void {
  for (const { approval, breakGlass, protection } of Object.values(environments)) {
    if (!breakGlass) continue;
    for (const name of approvalEnvironments(breakGlass))
      github.setEnvironment(operations.repository, {
        name,
        reviewers: [...new Set(Object.values(approval.roles).flat())],
        preventSelfReview: true,
        adminsBypass: false,
        branches: protection.branches,
      });
  }
}
