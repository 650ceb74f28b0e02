import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { problemsOfWorkflow } from '@tenant-delivery/local-github/runner/files/official-parser';
import { parse, stringify } from 'yaml';
import { readWorkflow, workflowFiles } from './workflow-files.ts';
import { RULES } from './workflow-rules.ts';

const root = join(import.meta.dirname, '../..');
const PAGES = ['README.md', 'docs/**/*.md', 'actions/*/README.md', 'templates/**/*.md'];

const { ours, templates } = workflowFiles();
const all = [...ours, ...templates];

it.each(all.map(({ path, text }) => [path, text] as const))(
  '%s is what GitHub accepts',
  async (path, text) => {
    expect(await problemsOfWorkflow(path, text)).toEqual([]);
  },
);

it.each(Object.entries(RULES))('every workflow %s', (_, { breaches, why }) => {
  const broken = all.flatMap((workflow) => breaches(workflow).map((breach) => `${workflow.path}: ${breach}`));
  expect({ why, broken }).toEqual({ why, broken: [] });
});

/** The examples of the pages, each as a whole workflow: one of jobs or steps is put into one. */
function examplesOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```ya?ml\n([\s\S]*?)```/g)].flatMap(([, yaml = '']) => {
    const content: unknown = parse(yaml, { version: '1.2' });
    const frame = { on: 'push', permissions: {} };
    if (Array.isArray(content) && content.some((each) => 'uses' in Object(each) || 'run' in Object(each)))
      return [stringify({ ...frame, jobs: { a: { 'runs-on': 'ubuntu-24.04', steps: content } } })];
    const has = (key: string) => key in Object(content);
    if (has('on') && has('jobs')) return [yaml];
    if (has('jobs')) return [stringify({ ...frame, ...Object(content) })];
    if (has('steps'))
      return [stringify({ ...frame, jobs: { a: { 'runs-on': 'ubuntu-24.04', ...Object(content) } } })];
    if (has('uses')) return [stringify({ ...frame, jobs: { a: content } })];
    const jobs = Object.values(Object(content)).every((each) =>
      ['uses', 'steps'].some((key) => key in Object(each)),
    );
    return jobs ? [stringify({ ...frame, jobs: content })] : [];
  });
}

describe('an example of a page', () => {
  const examples = globSync(PAGES, { cwd: root })
    .sort()
    .flatMap((page) => examplesOf(page).map((text, index) => [`${page} ${index + 1}`, text] as const));

  it.each(examples)('%s is what GitHub accepts', async (name, text) => {
    expect(await problemsOfWorkflow(name, text)).toEqual([]);
  });

  it('is found on the first page that people read', () => {
    expect(examples.some(([name]) => name.startsWith('README.md'))).toBe(true);
  });

  const HOLD_FOR_A_PIECE = [
    'puts no expression into code',
    'leaves no credentials in a checkout',
    'is not started by what others wrote',
    'hands on no more secrets than are named',
    'shows a secret to single steps alone',
    'has conditions that can be false',
    'trusts nobody by a name',
    'gives later steps no variables',
  ];
  it.each(HOLD_FOR_A_PIECE)('%s', (rule) => {
    const broken = examples.flatMap(([name, text]) =>
      (RULES[rule]?.breaches(readWorkflow(name, text)) ?? ['there is no such rule']).map((each) => [
        name,
        each,
      ]),
    );
    expect(broken).toEqual([]);
  });
});

/** A workflow that keeps every rule, and for each rule the change that breaks it and no other. */
const GOOD = `on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: { name: prod }
    concurrency: { group: prod }
    permissions:
      id-token: write # an identity at AWS
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - if: \${{ github.ref == 'refs/heads/main' }}
        run: npm ci
`;
const BROKEN: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'grants nothing by default': [
    ['permissions: {}\n', ''],
    ['permissions: {}', 'permissions: read-all'],
  ],
  'says why a job is granted something': [['write # an identity at AWS', 'write']],
  'puts no expression into code': [['npm ci', `echo \${{ github.event.issue.title }}`]],
  'pins what others made by commit, and ours by this commit or a release': [
    ['3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1', 'v7'],
    [' # v7.0.1', ''],
  ],
  'checks out ours at a release': [
    ['persist-credentials', 'repository: OWNER/tenant-delivery\n          persist-credentials'],
    [
      'persist-credentials',
      'repository: OWNER/tenant-delivery\n          ref: v1\n          persist-credentials',
    ],
  ],
  'leaves no credentials in a checkout': [
    ['persist-credentials: false', 'fetch-depth: 0'],
    ['persist-credentials: false', 'persist-credentials: true'],
  ],
  'is not started by what others wrote': [
    ['on: push', 'on: { pull_request_target: }'],
    ['on: push', 'on: { workflow_run: { workflows: [ci] } }'],
  ],
  'hands on no more secrets than are named': [
    ['timeout-minutes: 5', 'timeout-minutes: 5\n    secrets: inherit'],
  ],
  'shows a secret to single steps alone': [
    ['timeout-minutes: 5', `timeout-minutes: 5\n    env: { KEY: "\${{ secrets.KEY }}" }`],
    ['on: push', `on: push\nenv: { KEY: "\${{ secrets.KEY }}" }`],
  ],
  ends: [['    timeout-minutes: 5\n', '']],
  'changes one thing at a time, or says why it need not': [['    concurrency: { group: prod }\n', '']],
  'names the version of its runner': [['ubuntu-24.04', 'ubuntu-latest']],
  'has conditions that can be false': [["refs/heads/main' }}", "refs/heads/main' }} && false"]],
  'trusts nobody by a name': [["github.ref == 'refs/heads/main'", "github.actor == 'dependabot[bot]'"]],
  'gives later steps no variables': [['npm ci', 'echo A=1 >> "$GITHUB_ENV"']],
};

describe('the rules', () => {
  const breachesOf = (text: string) => {
    const workflow = readWorkflow('.github/workflows/x.yml', text);
    return Object.entries(RULES).flatMap(([rule, { breaches }]) =>
      breaches(workflow).length > 0 ? [rule] : [],
    );
  };

  it('find nothing where all of them are kept', () => {
    expect(breachesOf(GOOD)).toEqual([]);
  });

  it.each(Object.keys(RULES))('find a workflow that breaks: %s', (rule) => {
    const changes = BROKEN[rule] ?? [];
    expect(changes.length).toBeGreaterThan(0);
    for (const [from, to] of changes) {
      const text = GOOD.replace(from, () => to);
      expect(text).not.toBe(GOOD);
      expect(breachesOf(text)).toEqual([rule]);
    }
  });

  it('let a template name a release of ours and not a branch', () => {
    const { breaches } = RULES['pins what others made by commit, and ours by this commit or a release'] ?? {};
    const template = templates.find(({ file }) => file === 'deliver.yml');
    expect(template && breaches?.(template)).toEqual([]);
    const moved = template?.text.replace(/@v[\d.]+$/m, '@main') ?? '';
    expect(breaches?.(readWorkflow('templates/x.yml', moved))).toHaveLength(1);
  });
});
