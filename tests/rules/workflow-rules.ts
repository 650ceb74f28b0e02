import { providerName } from '@tenant-delivery/local-platform/provider-repository';
import type { Job, Step, Workflow } from './workflow-files.ts';

/** What GitHub accepts in a workflow and we do not, with the reason. zizmor's documentation has most of them. */
export interface Rule {
  readonly why: string;
  /** Where a workflow breaks it. */
  readonly breaches: (workflow: Workflow) => readonly string[];
}

const { owner, name } = providerName();
const RELEASED = new RegExp(`^${owner}/${name}/\\.github/workflows/[a-z-]+\\.yml@v\\d+\\.\\d+\\.\\d+$`);
const OF_THIS_COMMIT = /^\$\/(actions\/[a-z-]+|\.github\/workflows\/[a-z-]+\.yml)$/;
const BY_COMMIT = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

export const RULES: Readonly<Record<string, Rule>> = {
  'grants nothing by default': {
    why: 'A job that says nothing of permissions would have those of the repository, which may be to write everything.',
    breaches: ({ permissions }) => (isEmpty(permissions) ? [] : ['permissions of the workflow are not {}']),
  },
  'says why a job is granted something': {
    why: 'A grant without a reason is never taken away again.',
    breaches: ({ text, jobs }) =>
      jobsIn(jobs).flatMap(([id, { permissions = {} }]) =>
        Object.entries(permissions)
          .filter(([scope, access]) => !new RegExp(`^ {6}${scope}: ${access} # \\w`, 'm').test(text))
          .map(([scope]) => `${id} has ${scope} without a reason beside it`),
      ),
  },
  'puts no expression into code': {
    why: 'GitHub replaces it by its value before the shell reads it: the title of an issue could be a command.',
    breaches: (workflow) =>
      stepsIn(workflow)
        .filter(([, { run = '', with: given }]) => `${run}${given?.['script'] ?? ''}`.includes('${{'))
        .map(([place]) => place),
  },
  'pins what others made by commit, and ours by this commit or a release': {
    why: 'A tag can be moved to other code; a commit cannot, and the version beside it says which one it is.',
    breaches: ({ path, text }) => {
      const allowed = path.startsWith('templates/') ? [RELEASED, BY_COMMIT] : [OF_THIS_COMMIT, BY_COMMIT];
      return [...text.matchAll(/uses: (\S+)(.*)$/gm)]
        .map(([, uses = '', rest = '']) => uses + rest)
        .filter((uses) => !allowed.some((each) => each.test(uses)));
    },
  },
  'checks out ours at a release': {
    why: 'A branch is whatever was pushed last, and the job may hold the right to sign.',
    breaches: (workflow) =>
      stepsIn(workflow)
        .filter(([, { with: given }]) => given?.['repository'] === `${owner}/${name}`)
        .filter(([, { with: given }]) => !/^refs\/tags\/v\d+\.\d+\.\d+$/.test(String(given?.['ref'])))
        .map(([place]) => place),
  },
  'leaves no credentials in a checkout': {
    why: 'The token would stay in .git/config, for each later step and for an artifact of the whole folder.',
    breaches: (workflow) =>
      stepsIn(workflow)
        .filter(([, { uses }]) => uses?.startsWith('actions/checkout@'))
        .filter(([, { with: given }]) => given?.['persist-credentials'] !== false)
        .map(([place]) => place),
  },
  'is not started by what others wrote': {
    why: 'These run with our secrets on an event of a fork; one checkout of its head then runs its code with them.',
    breaches: ({ on }) =>
      ['pull_request_target', 'workflow_run', 'issue_comment'].filter((event) => event in Object(on)),
  },
  'hands on no more secrets than are named': {
    why: 'The called workflow would have every secret of the caller, also those that are added later.',
    breaches: ({ text, jobs }) => [
      ...jobsIn(jobs).flatMap(([id, { secrets }]) => (secrets === 'inherit' ? [`${id} inherits`] : [])),
      ...(/toJSON\(\s*secrets\s*\)/i.test(text) ? ['toJSON(secrets)'] : []),
    ],
  },
  'shows a secret to single steps alone': {
    why: 'In the environment of a job every action of it can read the secret.',
    breaches: ({ env, jobs }) =>
      [['the workflow', { env }] as const, ...jobsIn(jobs)]
        .filter(([, each]) => JSON.stringify(each.env ?? {}).includes('secrets'))
        .map(([id]) => id),
  },
  ends: {
    why: 'A step that hangs would hold its runner, and what it locks, for six hours.',
    breaches: ({ jobs }) =>
      jobsIn(jobs)
        .filter(([, job]) => job.uses === undefined && !((job['timeout-minutes'] ?? 0) > 0))
        .map(([id]) => id),
  },
  'changes one thing at a time, or says why it need not': {
    why: 'Two runs that change the same environment would each undo half of the other.',
    breaches: ({ text, jobs }) =>
      jobsIn(jobs)
        .filter(([, { environment, permissions = {} }]) => environment && changesSomething(permissions))
        .filter(([, { concurrency }]) => typeof concurrency?.['group'] !== 'string')
        .filter(([id]) => !new RegExp(`# In no concurrency group: \\w.*\\n  ${id}:`).test(text))
        .map(([id]) => id),
  },
  'names the version of its runner': {
    why: 'What ubuntu-latest is changes on a day of GitHub’s choice.',
    breaches: ({ jobs }) =>
      jobsIn(jobs).flatMap(([id, { 'runs-on': on }]) =>
        on === undefined || on === 'ubuntu-24.04' ? [] : [`${id} runs on ${JSON.stringify(on)}`],
      ),
  },
  'has conditions that can be false': {
    why: 'An if with text around its expression is a text, and a text is true.',
    breaches: (workflow) =>
      [...jobsIn(workflow.jobs), ...stepsIn(workflow)]
        .filter(([, { if: condition = '' }]) => condition.includes('${{'))
        .filter(([, { if: condition = '' }]) => !/^\$\{\{((?!\}\}).)*\}\}$/s.test(condition))
        .map(([place]) => place),
  },
  'trusts nobody by a name': {
    why: 'github.actor is who last touched the pull request, and anybody can have a bot push to it.',
    breaches: ({ text }) =>
      [...text.matchAll(/github\.(?:triggering_)?actor\s*[!=]=/g)].map(([said]) => said),
  },
  'gives later steps no variables': {
    why: 'A line of somebody’s text in GITHUB_ENV or GITHUB_PATH chooses what the next step runs.',
    breaches: (workflow) =>
      stepsIn(workflow)
        .filter(([, { run = '' }]) => /GITHUB_(?:ENV|PATH)/.test(run))
        .map(([place]) => place),
  },
};

/** What a job can do with these that a second run could undo. */
function changesSomething(permissions: Readonly<Record<string, string>>): boolean {
  return Object.values(permissions).includes('write');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function jobsIn(jobs: Workflow['jobs']): readonly (readonly [string, Job])[] {
  return Object.entries(jobs);
}

function stepsIn({ jobs }: Workflow): readonly (readonly [string, Step])[] {
  return jobsIn(jobs).flatMap(([id, { steps = [] }]) =>
    steps.map((step, index) => [`${id}, step ${index + 1}`, step] as const),
  );
}
