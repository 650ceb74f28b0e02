import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { type Copy, copyThisRepository } from '@tenant-delivery/testkit/copy-of-this-repository';
import { type Command, command } from '../witnesses/command.ts';
import { edited, type Step } from './page.ts';
import { errorsOf } from './stage.ts';

/** Commands that read the keys of a release: here they are those of the local provider. */
const TRUSTING = /^(contract (complete|publish|status)|doctor)\b/;

/** Whose clone each is: what is committed there is theirs. */
const CLONES = {
  operations: { repository: 'OWNER/tenant-operations', login: 'sre-kim' },
  shop: { repository: 'umbrella/shop', login: 'dev-ana' },
} as const;

/** What a page leaves to its reader. */
interface Here {
  /** The program `aws`. */
  readonly aws: string;
  /** The release that the provider's copy has after `git pull`. */
  readonly next: string;
  /** A file that a block of YAML is, as it is to be written. */
  readonly yaml: (text: string) => string;
  /** What a command of `aws` printed. */
  readonly heard: (command: string, printed: string) => void;
  /** Whether a command may end with 1 after it said this. */
  readonly open: (command: string, printed: string) => boolean;
}

/** Where the reader sits: the terminal is in the clone of the operations repository. */
interface Desk {
  readonly stage: Stage;
  readonly here: Here;
  /** The provider's copy. */
  readonly copy: Copy;
  readonly contract: string;
  readonly node: Command;
  readonly aws: Command;
  readonly shell: Command;
  /** What was exported. */
  readonly env: Record<string, string>;
}

/** Somebody who does what a page says, command by command, as it is printed. */
interface Reader {
  follow(step: Step): Promise<void>;
  leave(): void;
}

/** A reader in a folder with three clones side by side: of the operations repository, the customer's and the provider's. */
export async function readerIn(folder: string, stage: Stage, here: Here): Promise<Reader> {
  const copy = copyThisRepository();
  symlinkSync(copy.folder, join(folder, 'tenant-delivery'));
  await settle(folder, stage);
  const operations = join(folder, 'operations');
  const { aws, github } = stage.platform;
  const local = {
    AWS_ENDPOINT_URL: aws.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: userNamed(github.world, 'sre-kim').token,
    HOME: folder,
  };
  const desk: Desk = {
    ...{ stage, here, copy },
    contract: join(operations, 'tenants/umbrella.yaml'),
    node: command(process.execPath, operations, local),
    aws: command(here.aws, operations, local),
    shell: command('bash', operations, { HOME: folder }),
    env: {},
  };
  return { follow: (step) => follow(step, desk), leave: () => copy.remove() };
}

async function follow({ kind, text }: Step, desk: Desk): Promise<void> {
  const { contract, here, env } = desk;
  if (kind === 'yaml') return writeFileSync(contract, here.yaml(text));
  if (kind === 'diff') return writeFileSync(contract, edited(readFileSync(contract, 'utf8'), text));
  const [first = '', ...words] = text.split(' ').map((word) => word.replace(/^"|"$/g, ''));
  if (first === 'export') Object.assign(env, Object.fromEntries(words.map((word) => word.split('='))));
  else if (first === 'aws') here.heard(text, await desk.aws(words, { env }));
  else if (first === 'npx') await ours(words.slice(1), desk);
  else if (first === 'gh') await dispatched(words, desk);
  else if (text === 'git -C ../tenant-delivery pull') pulled(desk);
  else if (['git', 'cp', 'rm', 'perl'].includes(first)) await inShell(text, desk);
  else throw new Error(`nobody here runs ${text}`);
}

/** A command of tenant-delivery, from the provider's copy. */
async function ours(words: readonly string[], { node, shell, copy, env, here }: Desk): Promise<void> {
  const asked = words.join(' ');
  const named = words.map(async (word) =>
    word.includes('*') ? (await shell(['-c', `echo ${word}`])).trim().split(' ') : [word],
  );
  const cli = join(copy.folder, 'packages/cli/src/main.ts');
  const trusting = TRUSTING.test(asked) ? ['--trust', '../trust.json'] : [];
  const args = [cli, ...(await Promise.all(named)).flat(), ...trusting];
  const { exitCode, stdout, stderr } = await node.ran(args, { env });
  const printed = stdout + stderr;
  if (exitCode !== (here.open(asked, printed) ? 1 : 0)) throw new Error(`exit code ${exitCode}: ${printed}`);
}

async function dispatched(words: readonly string[], { stage }: Desk): Promise<void> {
  const [, , file = ''] = words;
  const given = words.filter((word) => /^\w[\w-]*=/.test(word)).map((word) => word.split('='));
  const inputs = Object.fromEntries(given);
  const { result } = await stage.run({
    repository: CLONES.operations.repository,
    workflow: `.github/workflows/${file}`,
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs,
    actor: 'sre-kim',
    approveAs: 'lead-eli',
  });
  const ran = [file, inputs['part']];
  expect([...ran, errorsOf(result), result.conclusion]).toEqual([...ran, [], 'success']);
}

/** A branch that was pushed is merged, as the page says. The customer's `main` then delivers. */
async function inShell(text: string, { shell, stage }: Desk): Promise<void> {
  await shell(['-c', text]);
  const [, pushed] = /^(git (?:-C \S+ )?push origin) HEAD:/.exec(text) ?? [];
  if (pushed === undefined) return;
  await shell(['-c', `${pushed} HEAD:main`]);
  if (!pushed.includes('../shop')) return;
  const { result, outcome } = await stage.run({
    repository: CLONES.shop.repository,
    workflow: '.github/workflows/deliver.yml',
    ref: 'refs/heads/main',
    event: 'push',
    actor: 'dev-ana',
    approveAs: 'lead-eli',
  });
  expect([errorsOf(result), outcome]).toEqual([[], 'closed']);
}

/** The provider's copy has the version that was merged for the release. */
function pulled({ copy, here }: Desk): void {
  const file = join(copy.folder, 'packages/release/package.json');
  const released = { ...JSON.parse(readFileSync(file, 'utf8')), version: here.next.slice(1) };
  writeFileSync(file, JSON.stringify(released));
}

/** The clones, and what the administrator and the provider have at hand. */
async function settle(folder: string, { platform }: Stage): Promise<void> {
  const { operator } = platform.tenants['umbrella'] ?? {};
  if (!operator) throw new Error('umbrella has no account');
  mkdirSync(join(folder, '.aws'));
  const keys = `aws_access_key_id = ${operator.accessKeyId}\naws_secret_access_key = ${operator.secretAccessKey}\n`;
  writeFileSync(join(folder, '.aws/credentials'), `[umbrella]\n${keys}`);
  writeFileSync(join(folder, 'trust.json'), JSON.stringify(platform.released));
  const git = command('git', folder);
  for (const [name, { repository, login }] of Object.entries(CLONES)) {
    await git(['clone', '--quiet', join(platform.folder, 'repositories', `${repository}.git`), name]);
    await git(['-C', name, 'config', 'user.name', login]);
    await git(['-C', name, 'config', 'user.email', `${login}@users.noreply.github.com`]);
  }
  const key = readFileSync(join(folder, 'aws/provider-contract-key.pem'));
  writeFileSync(join(folder, 'operations/contract-key.pem'), key);
}
