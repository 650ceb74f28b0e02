import { gitText } from '../../git/git.ts';
import { type Mapping, mapping, text } from '../value.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const NOTHING = /^0*$/;

/** What a repository's event is about. */
export interface Change {
  readonly path: string;
  readonly sha: string;
  readonly payload: Mapping;
}

/**
 * The files that path filters look at: of a pull request what its head changed since it left the base, of a push what
 * changed since `before`, or in its last commit when the payload has none (GitHub, "Workflow syntax": `on.<event>.paths`).
 */
export async function changedFiles({ path, sha, payload }: Change): Promise<readonly string[]> {
  const pull = mapping(payload['pull_request']);
  const base = text(mapping(pull['base'])['sha']);
  const before = text(payload['before']);
  const range =
    base !== ''
      ? [`${base}...${text(mapping(pull['head'])['sha']) || sha}`]
      : [NOTHING.test(before) ? await parentOf(path, sha) : before, sha];
  return linesOf(await gitText(path, ['diff', '--name-only', '-z', '--no-renames', ...range]), '\0');
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
