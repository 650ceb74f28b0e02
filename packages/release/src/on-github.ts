import { getOctokit } from '@actions/github';
import { repositoryName } from './this-repository.ts';

export interface TreeEntry {
  readonly path: string;
  readonly mode: '100644' | '100755';
  /** Null removes the file. */
  readonly sha?: string | null;
  readonly content?: string;
}

type Octokit = ReturnType<typeof getOctokit>;

interface Place {
  readonly owner: string;
  readonly repo: string;
}

/** What releasing asks of this repository at GitHub. */
export type OnGithub = ReturnType<typeof onGithub>;

/** The token of the job, `GITHUB_TOKEN`, asks. GitHub signs a commit that such a token makes, if the commit names no author. */
export function onGithub(env: Readonly<Record<string, string | undefined>> = process.env) {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: baseUrl = 'https://api.github.com' } = env;
  if (!token) throw new Error('GITHUB_TOKEN is not set; the workflow release.yml gives it to this step');
  const octokit = getOctokit(token, { baseUrl });
  const [owner = '', repo = ''] = repositoryName().split('/');
  const place = { owner, repo };
  return {
    ...refs(octokit, place),
    ...commits(octokit, place),
    ...releases(octokit, place),
    ...pullRequests(octokit, place),
  };
}

function refs({ rest: { git } }: Octokit, place: Place) {
  return {
    /** The commit of `heads/main` or `tags/v1.2.3`; undefined when there is no such ref. */
    refAt: async (ref: string): Promise<string | undefined> => {
      const { data } = await git.listMatchingRefs({ ...place, ref });
      return data.find((each) => each.ref === `refs/${ref}`)?.object.sha;
    },
    /** The versions that have a tag. */
    versions: async (major: string): Promise<readonly string[]> => {
      const { data } = await git.listMatchingRefs({ ...place, ref: `tags/${major}.` });
      return data.map(({ ref }) => ref.replace('refs/tags/v', ''));
    },
    makeRef: async (ref: string, sha: string) => {
      await git.createRef({ ...place, ref: `refs/${ref}`, sha });
    },
    moveRef: async (ref: string, sha: string, { force }: { readonly force: boolean }) => {
      await git.updateRef({ ...place, ref, sha, force });
    },
  };
}

function commits({ rest: { git } }: Octokit, place: Place) {
  return {
    commitAt: async (sha: string) => {
      const { data } = await git.getCommit({ ...place, commit_sha: sha });
      return { tree: data.tree.sha, parents: data.parents.map((parent) => parent.sha) };
    },
    makeTree: async (entries: readonly TreeEntry[], base?: string): Promise<string> => {
      const tree = entries.map((entry) => ({ ...entry, type: 'blob' as const }));
      const { data } = await git.createTree({
        ...place,
        tree,
        ...(base !== undefined && { base_tree: base }),
      });
      return data.sha;
    },
    makeCommit: async (tree: string, parents: readonly string[], message: string): Promise<string> =>
      (await git.createCommit({ ...place, tree, parents: [...parents], message })).data.sha,
  };
}

function releases(octokit: Octokit, place: Place) {
  const { repos } = octokit.rest;
  return {
    /** The release of a tag, even while it is a draft. */
    releaseOf: async (tag: string) =>
      (await repos.listReleases({ ...place, per_page: 100 })).data.find((each) => each.tag_name === tag),
    draft: async (tag: string, commit: string, body: string) => {
      const described = { tag_name: tag, target_commitish: commit, name: tag, body, draft: true };
      return (await repos.createRelease({ ...place, ...described })).data;
    },
    /** `uploadUrl` is what GitHub gave as the address for files of this release. */
    upload: async (uploadUrl: string, name: string, bytes: Buffer) => {
      await octokit.request({
        method: 'POST',
        url: uploadUrl,
        headers: { 'content-type': 'application/octet-stream', 'content-length': bytes.length },
        data: bytes,
        name,
      });
    },
    publish: async (id: number) =>
      (await repos.updateRelease({ ...place, release_id: id, draft: false, make_latest: 'true' })).data,
  };
}

function pullRequests({ rest: { pulls } }: Octokit, place: Place) {
  return {
    /** The open pull request from this branch. */
    pullFrom: async (head: string) =>
      (await pulls.list({ ...place, state: 'open', head: `${place.owner}:${head}`, base: 'main' })).data[0],
    openPull: async (head: string, title: string, body: string) =>
      (await pulls.create({ ...place, head, base: 'main', title, body })).data,
    editPull: async (number: number, title: string, body: string) =>
      (await pulls.update({ ...place, pull_number: number, title, body })).data,
  };
}
