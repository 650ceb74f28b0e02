import { resolveCommit } from '../../git/resolve.ts';
import { entryAt, listTree, readBlob, type TreeEntry } from '../../git/tree.ts';
import type { Repository } from '../../world/repository.ts';
import type { World } from '../../world/world.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound } from '../errors.ts';
import { read } from '../routes.ts';
import { repositoryUrl } from '../show/repository.ts';

export const contents: readonly Route[] = [read(['contents'], '/contents/{path...}', show)];

async function show(call: RepositoryCall): Promise<Reply> {
  const { world, repository, query, parameters, headers } = call;
  const ref = query.get('ref') ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.path, ref);
  if (!commit) throw new ApiError(404, `No commit found for the ref ${ref}`);
  const path = (parameters['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const entry = await entryAt(repository.path, commit, path);
  if (!entry) throw notFound();
  const place = { world, repository, ref };
  if (entry.type === 'tree') {
    const entries = await listTree(repository.path, commit, path === '' ? '' : `${path}/`);
    return ok(entries.map((each) => describe(place, each)));
  }
  if (entry.type === 'commit') return ok(describe(place, entry));
  const bytes = await readBlob(repository.path, entry.sha);
  if (headers.accept?.includes('raw')) {
    return {
      status: 200,
      body: bytes,
      headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' },
    };
  }
  if (entry.mode === '120000') return ok({ ...describe(place, entry), target: bytes.toString() });
  return ok({ ...describe(place, entry), content: wrapped(bytes), encoding: 'base64' });
}

interface Place {
  readonly world: World;
  readonly repository: Repository;
  readonly ref: string;
}

function describe({ world, repository, ref }: Place, { type, mode, sha, size, path }: TreeEntry) {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const self = `${repositoryUrl(world, repository)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const folder = type === 'tree';
  const git = `${repositoryUrl(world, repository)}/git/${folder ? 'trees' : 'blobs'}/${sha}`;
  const html = `${world.url}/${repository.fullName}/${folder ? 'tree' : 'blob'}/${ref}/${encoded}`;
  return {
    type: folder ? 'dir' : type === 'commit' ? 'submodule' : mode === '120000' ? 'symlink' : 'file',
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: folder ? null : `${world.url}/${repository.fullName}/raw/${ref}/${encoded}`,
    _links: { self, git, html },
  };
}

/** Base64 in lines of 60 characters, as GitHub sends it. */
function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{60}/g, '$&\n');
}
