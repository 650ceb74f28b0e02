import { gitText } from '../../git/git.ts';
import { type Mapping, mapping, text } from '../value.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const NOTHING = /^0*$/;
const NO_COMMIT = /^0{40}$/; // what a branch that was not there has before a push

/** What a repository's event is about. */
export interface Change {
  readonly path: string;
  readonly sha: string;
  readonly payload: Mapping;
}

/**
 * The files that path filters look at: of a pull request what its head changed since it left the base, of a push what
 * changed since `before`, of a new branch since the parent of the first commit that only it has, and in its last commit when the payload has none (GitHub, "Workflow syntax": `on.<event>.paths`).
 */
export async function changedFiles({ path, sha, payload }: Change): Promise<readonly string[]> {
  const pull = mapping(payload['pull_request']);
  const base = text(mapping(pull['base'])['sha']);
  const before = text(payload['before']);
  const range =
    base !== ''
      ? [`${base}...${text(mapping(pull['head'])['sha']) || sha}`]
      : [
          NOTHING.test(before) ? await parentOf(path, await firstPushed({ path, sha, payload })) : before,
          sha,
        ];
  return linesOf(await gitText(path, ['diff', '--name-only', '-z', '--no-renames', ...range]), '\0');
}

/** The deepest commit that a push of a new branch brought; the head itself where another branch has it, or no branch is new. */
async function firstPushed({ path, sha, payload }: Change): Promise<string> {
  const ref = text(payload['ref']);
  if (!NO_COMMIT.test(text(payload['before'])) || !ref.startsWith('refs/heads/')) return sha;
  const brought = await gitText(path, [
    'rev-list',
    '--topo-order',
    sha,
    '--not',
    `--exclude=${ref.slice('refs/heads/'.length)}`,
    '--branches',
  ]);
  return linesOf(brought, '\n').at(-1) ?? sha;
}

async function parentOf(path: string, sha: string): Promise<string> {
  const [, parent = EMPTY_TREE] = (await gitText(path, ['rev-list', '--parents', '-n', '1', sha]))
    .trim()
    .split(' ');
  return parent;
}

function linesOf(output: string, separator: string): readonly string[] {
  return output.split(separator).filter((line) => line !== '');
}
