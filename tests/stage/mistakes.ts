import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { RunRefused, type RunResult } from '@tenant-delivery/local-github';
import { root } from '@tenant-delivery/local-platform/provider-repository';

/** What a customer is told of a mistake: on the run's page, or by GitHub before there is a run. */
export interface Told {
  /** The code of the failure; `GitHub` where GitHub itself refuses. */
  readonly by: string;
  readonly message: string;
  readonly remedy: string;
}

/** A mistake as it is made: files of the repository, or how the run is started. */
export interface Mistake {
  readonly what: string;
  /** Files as they should be, with the mistake in them. */
  readonly files?: (right: (file: string) => string) => Readonly<Record<string, string>>;
  readonly branch?: string;
  readonly approveAs?: string;
  /** What was done before. */
  readonly before?: Mistake;
  /** What to do where GitHub itself refuses, and says only what is wrong. */
  readonly todo?: string;
}

const DELIVER = '.github/workflows/deliver.yml';

/** A file of the customer's repository, without the mistake. */
function rightFile(file: string, stage: Stage): string {
  const text = readFileSync(join(root, 'templates/customer-repo', file), 'utf8');
  return text
    .replace('OWNER/tenant-delivery/', `${stage.platform.provider}/`)
    .replace('@v0.1.0', `@${stage.platform.tag}`);
}

/** Makes the mistake, runs the delivery as the customer's push would, and puts the files right again. */
export async function made(stage: Stage, mistake: Mistake): Promise<readonly Told[]> {
  if (mistake.before) await made(stage, mistake.before);
  const files = mistake.files?.((file) => rightFile(file, stage)) ?? {};
  const { branch = 'main' } = mistake;
  await stage.commit(mistake.what, { VERSION: `${mistake.what}\n`, ...files }, branch);
  try {
    const { result } = await stage.run({
      repository: 'acme/orders',
      workflow: DELIVER,
      ref: `refs/heads/${branch}`,
      event: branch === 'main' ? 'push' : 'workflow_dispatch',
      actor: 'dev-ana',
      approveAs: mistake.approveAs ?? 'lead-ben',
    });
    return toldBy(result);
  } catch (thrown) {
    if (!(thrown instanceof RunRefused)) throw thrown;
    return [{ by: 'GitHub', message: plain(firstProblem(thrown)), remedy: mistake.todo ?? '' }];
  } finally {
    const right = Object.keys(files).map((file) => [file, rightFile(file, stage)] as const);
    if (right.length > 0 && branch === 'main') await stage.commit('Put it right', Object.fromEntries(right));
  }
}

/** GitHub names the place too, and repeats what is wrong for each job. */
function firstProblem({ message }: RunRefused): string {
  const [, first = ''] = message.split('\n');
  return first.replace(/^\s*\S+:\d+:\d+: /, '');
}

/** The error annotations of a run, which its page shows first. */
function toldBy({ jobs }: RunResult): readonly Told[] {
  return jobs
    .flatMap(({ annotations }) => annotations)
    .filter(({ level }) => level === 'error')
    .map(({ title, message }) => {
      const [said = '', remedy = ''] = message.replace(/\nRead more: \S+$/, '').split('\nWhat to do: ');
      return { by: title ?? 'GitHub', message: plain(said), remedy: plain(remedy) };
    });
}

/** What differs from run to run is told by its kind. */
function plain(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, 'REGISTRY')
    .replace(/chg_[0-9A-Z]{26}/g, 'chg_…')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(td-acme-\w+)-\d+-1\b/g, '$1-RUN-1');
}

const withInput = (from: string | RegExp, to: string): Pick<Mistake, 'files'> => ({
  files: (right) => ({ [DELIVER]: right(DELIVER).replace(from, to) }),
});
const MANIFEST = '.delivery/service.yaml';
const SERVICE = '      service: orders\n';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/orders/database-AbCdEf';

export const MISTAKES: readonly Mistake[] = [
  {
    what: 'The calling job may not ask for an identity (`id-token: write` is missing)',
    ...withInput(/^ {6}id-token: write.*\n/m, ''),
    todo: 'Give the calling job the three permissions of the template.',
  },
  {
    what: 'An input has a name that there is not',
    ...withInput(SERVICE, `${SERVICE}      tennant: acme\n`),
    todo: 'Correct the name. The top of the called workflow lists its inputs.',
  },
  {
    what: 'The workflow names a release that there is not',
    ...withInput(/deliver\.yml@v\S+/, 'deliver.yml@v9.9.9'),
    todo: 'Name a release that the contract lists under `releases`.',
  },
  {
    what: 'The environment has no contract (`production` in place of `prod`)',
    ...withInput('environment: prod', 'environment: production'),
  },
  { what: 'The region is another one', ...withInput('eu-west-1', 'eu-west-2') },
  { what: 'The service has another name in the contract', ...withInput('service: orders', 'service: order') },
  {
    what: 'A line of the manifest begins in the wrong column',
    files: (right) => ({ [MANIFEST]: right(MANIFEST).replace('  port: 8080', '   port: 8080') }),
  },
  {
    what: 'The Dockerfile names a base image that there is not',
    files: (right) => ({ Dockerfile: right('Dockerfile').replace('base/node:24', 'base/node:42') }),
  },
  {
    what: 'Two commits have the same `version`',
    before: { what: 'The first of them', ...withInput(SERVICE, `${SERVICE}      version: 1.4.0\n`) },
    ...withInput(SERVICE, `${SERVICE}      version: 1.4.0\n`),
  },
  {
    what: 'The image needs a secret that there is not',
    ...withInput(SERVICE, `${SERVICE}      task-secrets: '{ orders: { DATABASE_URL: "${SECRET}" } }'\n`),
  },
  { what: 'Somebody approves who may not', approveAs: 'sre-kim' },
  { what: 'The branch may not deliver', branch: 'hotfix' },
];
