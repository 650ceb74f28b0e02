import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { AUTHOR, type LocalRelease, releaseInto } from './provider-repository.ts';

/** The provider's release, its operations repository, and one repository for each that a contract lists. */
export async function addRepositories(
  github: LocalGithub,
  folder: string,
  contracts: readonly TenantContract[],
  release: LocalRelease,
): Promise<void> {
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
  });
  for (const contract of contracts) {
    for (const { repository, repositoryId, ownerId: customer } of contract.repositories) {
      const [organisation = '', called = ''] = repository.split('/');
      await addFromTemplate(github, path, release, 'customer-repo', {
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
  { templates }: LocalRelease,
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
    folder: join(templates, template),
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
