import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { providerName } from '@tenant-delivery/local-platform/provider-repository';
import { parse } from 'yaml';
import { actionFile, workflowFiles } from './workflow-files.ts';

const root = join(import.meta.dirname, '../..');
const { owner, name } = providerName();
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

/** `- **A claim.** \`file.test.ts\`: "what the test says"`, between the marks of a page. */
function claimsIn(page: string): readonly { readonly file: string; readonly test: string }[] {
  const text = readFileSync(join(root, page), 'utf8');
  const [, block = ''] = /<!-- claims -->([\s\S]*?)<!-- \/claims -->/.exec(text) ?? [];
  return block
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => {
      const [, file = '', test = ''] = /`([a-z-]+\.test\.ts)`: "(.+)"$/.exec(line) ?? [];
      return { file, test };
    });
}

describe('a page for those who come from elsewhere', () => {
  const tests = globSync('{{packages,actions,local}/*/test,tests/*}/*.test.ts', { cwd: root });
  const told = ({ file, test }: { readonly file: string; readonly test: string }) =>
    test !== '' &&
    tests.some((path) => path.endsWith(`/${file}`) && readFileSync(join(root, path), 'utf8').includes(test));

  it.each(['docs/coming-from-ecr-scan-image.md'])('%s claims nothing that no test tells', (page) => {
    const claims = claimsIn(page);
    expect(claims.length).toBeGreaterThan(5);
    expect(claims.filter((claim) => !told(claim))).toEqual([]);
  });

  const DECLARED: Readonly<Record<string, string>> = {
    'docs/coming-from-ecr-scan-image.md':
      'repository tag fail_threshold ignore_list error_missed_ignores critical high medium low informational unknown ignored total findingsDetails',
    'docs/coming-from-amazon-ecr-login.md':
      'registries registry-type skip-logout mask-password http-proxy registry docker_username_… docker_password_…',
    'docs/coming-from-docker-build-push-action.md':
      'add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent context file github-token labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secrets secret-envs secret-files shm-size ssh tags target ulimit digest imageid metadata',
  };

  it.each(Object.entries(DECLARED))(
    '%s has an answer to every input and output that the other action declares',
    (path, names) => {
      const page = readFileSync(join(root, path), 'utf8');
      for (const name of names.split(' '))
        expect([name, new RegExp(`^\\| .*\`${name}\`.* \\| .+ \\|$`, 'm').test(page)]).toEqual([name, true]);
    },
  );
});

describe('an example that is copied from a page', () => {
  it('is there for every action', () => {
    const shown = new Set(uses.map(({ uses: reference }) => /\/actions\/([a-z-]+)@/.exec(reference)?.[1]));
    const actions = globSync('actions/*/action.yml', { cwd: root }).map((file) => file.split('/')[1]);
    expect(actions.filter((action) => !shown.has(action))).toEqual([]);
  });

  it('works: what it names exists at this release, takes what it is given and is given what it needs', () => {
    for (const { page, uses: reference, given } of uses.filter((each) =>
      each.uses.startsWith(`${owner}/${name}/`),
    )) {
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
    const foreign = uses.filter(
      ({ uses: reference }) => !reference.startsWith(`${owner}/${name}/`) && !/^(\$\/|\.\/)/.test(reference),
    );
    for (const { page, uses: reference } of foreign)
      expect([page, reference]).toEqual([page, expect.stringMatching(/@[0-9a-f]{40}$/)]);
  });
});

/** Inputs of the official actions, as their action.yml of v2.6.3 and v1.9.0 has them. */
const THEIRS = {
  deploy: `task-definition desired-count service cluster wait-for-service-stability wait-for-minutes wait-max-delay-seconds
    codedeploy-appspec codedeploy-application codedeploy-deployment-group codedeploy-deployment-description
    codedeploy-deployment-config force-new-deployment service-managed-ebs-volume-name service-managed-ebs-volume run-task
    run-task-container-overrides run-task-security-groups run-task-subnets run-task-assign-public-IP
    run-task-capacity-provider-strategy run-task-launch-type run-task-started-by run-task-tags
    run-task-managed-ebs-volume-name run-task-managed-ebs-volume wait-for-task-stopped enable-ecs-managed-tags
    propagate-tags keep-null-value-keys max-retries`,
  render: `task-definition task-definition-arn task-definition-family task-definition-revision container-name image
    environment-variables log-configuration-log-driver log-configuration-options docker-labels command task-role-arn
    execution-role-arn env-files secrets`,
};

it.each(Object.entries(THEIRS))(
  'the page for those who come from the official %s action says of each of its inputs what becomes of it',
  (action, names) => {
    const page = readFileSync(join(root, 'docs/coming-from-amazon-ecs-deploy-task-definition.md'), 'utf8');
    const [, section = ''] = page.split(`## Inputs of the ${action} action`);
    const rows = section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => /^\|.*\| (same|differently|not here) \|/.test(line));
    const told = rows?.map((row) => row.split('|')[1] ?? '').join();
    const missing = names.split(/\s+/).filter((name) => !told?.match(new RegExp(`\`${name}[\`:]`)));
    expect(missing).toEqual([]);
  },
);
