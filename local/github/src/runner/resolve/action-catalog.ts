import { type ActionFile, readAction } from '../files/action-file.ts';
import { fileAt, resolveRef } from '../files/at-commit.ts';
import { problemsOfAction } from '../files/official-parser.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import { parseUses } from '../files/uses.ts';
import type { YamlFile } from '../files/yaml-file.ts';
import type { Host } from '../ports.ts';
import type { Problem } from '../run-refused.ts';
import { shellProblem } from '../step/shell.ts';
import type { Origin } from './origin.ts';
import { repeatedIds } from './repeated-ids.ts';

/** GitHub lets ten composite actions stand inside each other. */
const MAX_DEPTH = 10;

/** An action of a repository, at a commit. */
export interface CatalogAction {
  readonly origin: Origin;
  /** Folder inside the repository. */
  readonly folder: string;
  readonly file: ActionFile;
}

/** Every action that a run can use, found before anything runs; those of the workspace (`./`) come later. */
export interface ActionCatalog {
  /** Takes in the actions of these steps, and theirs; returns what is wrong with them. */
  add(
    origin: Origin,
    yaml: YamlFile,
    steps: readonly StepDefinition[],
    depth?: number,
  ): Promise<readonly Problem[]>;
  find(origin: Origin, uses: string): CatalogAction | undefined;
}

export function createCatalog(host: Host): ActionCatalog {
  const actions = new Map<string, CatalogAction>();
  const keyOf = (origin: Origin, uses: string) =>
    uses.startsWith('$/') ? `${origin.repository}@${origin.sha} ${uses}` : uses;

  const addOne = async (
    origin: Origin,
    uses: string,
    depth: number,
  ): Promise<string | readonly Problem[]> => {
    if (builtIn(uses) !== undefined || actions.has(keyOf(origin, uses))) return [];
    const found = await locate(host, origin, uses);
    if (found === undefined) return [];
    if (typeof found === 'string') return found;
    const name = `${found.origin.repository}/${found.path}@${found.origin.ref}`;
    const wrong = problemsOfAction(name, found.content);
    if (wrong.length > 0) return wrong;
    const file = readAction(name, found.content);
    if (file.runs.kind === 'other') return whyNot(uses, file.runs.using);
    actions.set(keyOf(origin, uses), { origin: found.origin, folder: found.folder, file });
    if (file.runs.kind === 'node') return [];
    if (depth >= MAX_DEPTH) return `\`${uses}\` stands more than ${MAX_DEPTH} composite actions deep.`;
    return catalog.add(found.origin, file.yaml, file.runs.steps, depth + 1);
  };

  const catalog: ActionCatalog = {
    add: async (origin, yaml, steps, depth = 1) => {
      const named = steps.flatMap(({ id, path }) =>
        id === undefined ? [] : [{ id, path: [...path, 'id'] }],
      );
      const problems: Problem[] = [...repeatedIds(yaml, named)];
      for (const { work, path } of steps) {
        if (work.kind === 'script') {
          const shell = typeof work.shell === 'string' ? shellProblem(work.shell) : undefined;
          if (shell) problems.push(yaml.problem([...path, 'shell'], shell));
          continue;
        }
        const wrong = await addOne(origin, work.uses, depth);
        if (typeof wrong === 'string') problems.push(yaml.problem([...path, 'uses'], wrong));
        else problems.push(...wrong);
      }
      return problems;
    },
    find: (origin, uses) => actions.get(keyOf(origin, uses)),
  };
  return catalog;
}

const BUILT_IN = ['checkout', 'setup-node', 'upload-artifact', 'download-artifact', 'attest'] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

/** Which of GitHub's own actions this is, that need no repository here, at any ref: local-github has stand-ins for them. */
export function builtIn(uses: string): BuiltIn | undefined {
  const name = /^actions\/([a-z-]+)@\S+$/i.exec(uses)?.[1]?.toLowerCase();
  return BUILT_IN.find((each) => each === name);
}

interface Located {
  readonly origin: Origin;
  readonly folder: string;
  readonly path: string;
  readonly content: string;
}

async function locate(host: Host, origin: Origin, written: string): Promise<Located | string | undefined> {
  const uses = parseUses(written);
  if (uses.kind === 'workspace') return undefined;
  if (uses.kind === 'malformed') {
    return `\`${written}\` names no action: write ./path, $/path or owner/repository/path@ref.`;
  }
  if (uses.kind === 'docker') return `Docker actions are not supported: \`${written}\`.`;
  const name = uses.kind === 'self' ? origin.repository : uses.repository;
  const repository = host.repository(name);
  if (!repository) {
    return `The action \`${written}\` is not supported: only actions of repositories that exist here, and ${BUILT_IN.map((name) => `actions/${name}`).join(', ')}.`;
  }
  if (repository.visibility === 'private' && repository.owner !== origin.repository.split('/')[0]) {
    return `\`${written}\` stands in a private repository of another owner: make ${repository.fullName} public or internal.`;
  }
  const at = uses.kind === 'self' ? origin : await resolveRef(repository.path, uses.ref);
  if (!at) return `Unable to resolve action \`${written}\`: ${repository.fullName} has no such version.`;
  const folder = uses.path.replace(/\/+$/, '');
  for (const file of ['action.yml', 'action.yaml']) {
    const path = folder ? `${folder}/${file}` : file;
    const content = await fileAt(repository.path, at.sha, path);
    if (content === undefined) continue;
    return { origin: { repository: repository.fullName, sha: at.sha, ref: at.ref }, folder, path, content };
  }
  return `\`${written}\`: ${repository.fullName} has no action.yml in ${folder || 'its root'} at ${at.ref}.`;
}

function whyNot(uses: string, using: string): string {
  if (using === 'docker') return `Docker actions are not supported: \`${uses}\`.`;
  return `\`${uses}\` runs with '${using}', which is not supported: node24 or composite.`;
}
