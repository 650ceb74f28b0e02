import type { DeployKey, DeployKeys } from '@tenant-delivery/credentials/github-deploy-key/ports';
import { withoutComment } from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import { changed } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';
import { listDeployKeys } from './listed-deploy-keys.ts';

/** What an App's token needs to keep the deploy keys of a repository. */
export const KEEPING_DEPLOY_KEYS = { administration: 'write' } as const;

/** Needs `administration: write`. */
export function deployKeys(github: GithubClient, repository: string): DeployKeys {
  const { repos } = github.rest;
  const where = parametersOf(repository);
  const list = async (): Promise<readonly DeployKey[] | 'absent'> => {
    const all = await listDeployKeys(github, repository);
    if (all === 'absent') return 'absent';
    return all.map(({ id, key, title, verified, enabled, ...told }) => ({
      id,
      publicKey: withoutComment(key),
      title,
      access: told.read_only ? 'read' : 'write',
      verified,
      enabled,
      createdAt: told.created_at,
      addedBy: told.added_by ?? undefined,
      lastUse: told.last_used ?? 'never',
    }));
  };
  return {
    list,
    async add({ publicKey, title, access }) {
      const body = { title, key: publicKey, read_only: access === 'read' };
      const made = await changed(repos.createDeployKey({ ...where, ...body }));
      if (made.kind !== 'refused') return made.kind;
      // a key is of one repository in all of GitHub: when it is ours, an answer of before was lost
      const listed = made.status === 422 ? await list() : [];
      if (listed !== 'absent' && listed.some((key) => key.publicKey === publicKey)) return 'done';
      return refused(`a key for ${repository}`, made);
    },
    async delete(id) {
      const gone = await changed(repos.deleteDeployKey({ ...where, key_id: id }));
      if (gone.kind !== 'refused') return gone.kind;
      return gone.status === 404 ? 'done' : refused(`to delete key ${id} of ${repository}`, gone);
    },
  };
}

function refused(what: string, { status, said }: { readonly status: number; readonly said: string }) {
  const needed = status === 403 || status === 404 ? '; the App needs administration: write there' : '';
  return { refused: `GitHub refused ${what} with ${status}: ${said}${needed}` };
}
