import type { Commit, Person } from '../../git/commits.ts';
import type { FileChange } from '../../git/diff.ts';
import type { Repository } from '../../world/repository.ts';
import { userWithEmail } from '../../world/user.ts';
import type { World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl } from './repository.ts';
import { showUser } from './user.ts';

/** A commit as the commits and compare addresses show it. `author` is null when no user has the e-mail address. */
export function showCommit(world: World, repository: Repository, commit: Commit) {
  const { sha, tree, message, author, committer, parents } = commit;
  const url = repositoryUrl(world, repository);
  const page = `${world.url}/${repository.fullName}/commit`;
  return {
    sha,
    node_id: nodeId('Commit', sha),
    commit: {
      author,
      committer,
      message,
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${url}/commits/${sha}`,
    html_url: `${page}/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: showPerson(world, author),
    committer: showPerson(world, committer),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${url}/commits/${parent}`,
      html_url: `${page}/${parent}`,
    })),
  };
}

/** A commit as git has it, without what GitHub knows about it. */
export function showGitCommit(world: World, repository: Repository, commit: Commit) {
  const { commit: inner, sha, node_id, html_url, parents } = showCommit(world, repository, commit);
  const { comment_count: _, ...git } = inner;
  return { ...git, sha, node_id, html_url, parents };
}

/** The short form inside a workflow run. */
export function showSimpleCommit({ sha, tree, message, author, committer }: Commit) {
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

/** A changed file, as pull requests, commits and comparisons list them. */
export function showFile(world: World, repository: Repository, head: string, change: FileChange) {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  const page = `${world.url}/${repository.fullName}`;
  return {
    sha: change.blob,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${head}/${path}`,
    raw_url: `${page}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}

function showPerson(world: World, { email }: Person) {
  const user = userWithEmail(world, email);
  return user ? showUser(world, user) : null;
}
