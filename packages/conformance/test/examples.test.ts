import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { actionFile, workflowFiles } from '../src/workflow-files.ts';

const root = join(import.meta.dirname, '../../..');
const PAGES = ['README.md', 'docs/**/*.md', 'actions/*/README.md', 'templates/**/*.md'];

interface Use {
  readonly page: string;
  readonly uses: string;
  readonly given: readonly string[];
}

/** Every `uses:` in a YAML example of a page, with the names of what it is given. */
function usesIn(page: string): readonly Use[] {
  const text = readFileSync(join(root, page), 'utf8');
  const examples = [...text.matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  const found: Use[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('uses' in node && typeof node.uses === 'string') {
      const given = 'with' in node ? Object.keys(Object(node.with)) : [];
      found.push({ page, uses: node.uses, given });
    }
    for (const member of Object.values(node)) walk(member);
  };
  for (const example of examples) walk(parse(example, { version: '1.2' }));
  return found;
}

const uses = globSync(PAGES, { cwd: root }).sort().flatMap(usesIn);
const { version } = JSON.parse(readFileSync(join(root, 'packages/release/package.json'), 'utf8')) as {
  version: string;
}; // our own file

function declaredBy(
  reference: string,
): Readonly<Record<string, { readonly required?: boolean }>> | undefined {
  const action = /\/actions\/([a-z-]+)@/.exec(reference)?.[1];
  if (action !== undefined) return actionFile(action).inputs;
  const file = /\/\.github\/workflows\/([a-z-]+\.yml)@/.exec(reference)?.[1];
  return workflowFiles().ours.find((workflow) => workflow.file === file)?.on['workflow_call']?.inputs;
}

describe('an example that is copied from a page', () => {
  it('is there for every action', () => {
    const shown = new Set(uses.map(({ uses: reference }) => /\/actions\/([a-z-]+)@/.exec(reference)?.[1]));
    const actions = globSync('actions/*/action.yml', { cwd: root }).map((file) => file.split('/')[1]);
    expect(actions.filter((action) => !shown.has(action))).toEqual([]);
  });

  it('works: what it names exists at this release, takes what it is given and is given what it needs', () => {
    for (const { page, uses: reference, given } of uses.filter((each) => each.uses.startsWith('OWNER/'))) {
      const inputs = declaredBy(reference);
      expect([page, reference, inputs !== undefined]).toEqual([page, reference, true]);
      expect([page, reference.split('@')[1]]).toEqual([page, `v${version}`]);
      const required = Object.entries(inputs ?? {}).filter(([, input]) => input.required === true);
      expect([page, given.filter((name) => !(name in (inputs ?? {})))]).toEqual([page, []]);
      expect([page, required.map(([name]) => name).filter((name) => !given.includes(name))]).toEqual([
        page,
        [],
      ]);
    }
  });

  it('pins what is not ours by commit', () => {
    const foreign = uses.filter(({ uses: reference }) => !/^(OWNER\/|\$\/|\.\/)/.test(reference));
    for (const { page, uses: reference } of foreign)
      expect([page, reference]).toEqual([page, expect.stringMatching(/@[0-9a-f]{40}$/)]);
  });
});
