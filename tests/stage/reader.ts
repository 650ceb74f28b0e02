import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { type Copy, copyThisRepository } from '@tenant-delivery/testkit/copy-of-this-repository';
import { type Command, command } from '../witnesses/command.ts';
import { edited, type Step } from './page.ts';
import { errorsOf } from './stage.ts';
import { type Begun, begin } from './waiting-run.ts';

/** Commands that read the keys of a release: here they are those of the local provider. */
const TRUSTING = /^(contract (complete|publish|status)|doctor)\b/;
/** Programs that the reader starts in a shell, as they are on the page. */
const PROGRAMS = ['aws', 'cp', 'git', 'perl', 'rm', 'skopeo', '(umask'];
/** How many times as fast as real time the servers are, and programs that wait for them. */
export const SCALE = 120;

/** Whose clone each is: what is committed there is theirs. */
const CLONES = {
  operations: { repository: 'OWNER/tenant-operations', login: 'sre-kim' },
  shop: { repository: 'umbrella/shop', login: 'dev-ana' }, // in the worlds that have it
} as const;

/** What a page leaves to its reader. */
interface Here {
  /** The program `aws`. */
  readonly aws: string;
  /** The release that the provider's copy has after `git pull`. */
  readonly next: string;
  /** The contract that the page is about: `tenants/umbrella.yaml`. */
  readonly contract: string;
  /** Addresses on the page that lead to something on this machine. */
  readonly hosts: Record<string, string>;
  /** A file that a block of YAML is, as it is to be written. */
  readonly yaml: (text: string) => string;
  /** What a command printed. */
  readonly heard: (command: string, printed: string) => void;
  /** Whether a command may end with 1 after it said this. */
  readonly open: (command: string, printed: string) => boolean;
  /** How a run ended, by the outcome that its page shows. */
  readonly ended?: (outcome: string) => void;
  /** What people do in a browser or at a device, by the words of the page. */
  readonly clicks: Readonly<Record<string, (desk: Desk) => Promise<void>>>;
}

/** Where the reader sits: the terminal is in the clone of the operations repository. */
export interface Desk {
  readonly stage: Stage;
  readonly here: Here;
  /** The folder with the clones. */
  readonly folder: string;
  /** The provider's copy. */
  readonly copy: Copy;
  readonly node: Command;
  readonly shell: Command;
  /** What was exported. */
  readonly env: Record<string, string>;
  /** The branch that was pushed last and is not merged, with its repository. */
  pushed?: { readonly repository: string; readonly branch: string } | undefined;
  /** The run that waits for a review. */
  waiting?: Extract<Begun, { kind: 'waits' }> | undefined;
}

/** Somebody who does what a page says, command by command, as it is printed. */
export interface Reader {
  follow(step: Step): Promise<void>;
  /** What the last page left undone: a branch that nobody merged, a run that nobody reviewed. */
  undone(): readonly string[];
  leave(): void;
}

/** A reader in a folder with three clones side by side: of the operations repository, the customer's and the provider's. */
export async function readerIn(folder: string, stage: Stage, here: Here): Promise<Reader> {
  const copy = copyThisRepository();
  symlinkSync(copy.folder, join(folder, 'tenant-delivery'));
  await settle(folder, stage, here);
  const operations = join(folder, 'operations');
  const { aws, github } = stage.platform;
  const local = {
    AWS_ENDPOINT_URL: aws.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: userNamed(github.world, 'sre-kim').token,
    HOME: folder,
  };
  const programs = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    ...{
      PYTHONPATH: join(import.meta.dirname, 'hurried'),
      HURRIED: `${SCALE}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    REGISTRY_AUTH_FILE: join(folder, 'auth'),
  };
  const desk: Desk = {
    ...{ stage, here, folder, copy },
    node: command(process.execPath, operations, local),
    shell: command('bash', operations, { ...local, ...programs }),
    env: {},
  };
  return {
    follow: (step) => follow(step, desk),
    undone: () => [
      ...(desk.pushed ? [`nobody merged ${desk.pushed.branch}`] : []),
      ...(desk.waiting ? ['nobody reviewed the run'] : []),
    ],
    leave: () => copy.remove(),
  };
}

async function follow({ kind, text }: Step, desk: Desk): Promise<void> {
  const { here } = desk;
  if (kind === 'click') return clicked(text, desk);
  if (desk.waiting) throw new Error(`a run waits for a review, and the page goes on with ${text}`);
  const contract = join(desk.folder, 'operations', here.contract);
  if (kind === 'yaml') return writeFileSync(contract, here.yaml(text));
  if (kind === 'diff') return writeFileSync(contract, edited(readFileSync(contract, 'utf8'), text));
  return run(text, desk);
}

async function clicked(text: string, desk: Desk): Promise<void> {
  const click = desk.here.clicks[text];
  if (!click) throw new Error(`nobody here clicks: ${text}`);
  await click(desk);
}

async function run(text: string, desk: Desk): Promise<void> {
  const [first = '', ...words] = text.split(' ').map((word) => word.replace(/^"|"$/g, ''));
  if (first === 'export') await exported(text, words, desk);
  else if (first === 'tenant-delivery') await ours(words, desk);
  else if (text.startsWith('gh api ')) await asked(text, words, desk);
  else if (first === 'gh') await dispatched(words, desk);
  else if (text === 'git -C ../tenant-delivery pull') pulled(desk);
  else if (PROGRAMS.includes(first)) await inShell(text, desk);
  else throw new Error(`nobody here runs ${text}`);
}

async function exported(text: string, words: readonly string[], { shell, env }: Desk): Promise<void> {
  for (const [name = ''] of words.map((word) => word.split('=')))
    env[name] = (await shell(['-c', `${text}; printenv ${name}`], { env })).trim();
}

/** A command of tenant-delivery, from the provider's copy, where the terminal must find it. */
async function ours(words: readonly string[], { node, shell, folder, copy, env, here }: Desk): Promise<void> {
  const found = await shell(['-c', 'command -v tenant-delivery'], { env });
  expect(resolve(found.trim())).toBe(join(folder, 'tenant-delivery/node_modules/.bin/tenant-delivery'));
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

/** One member of what GitHub answers: `gh api users/lead-eli --jq .id`. */
async function asked(
  text: string,
  [, path = '', , filter = '']: readonly string[],
  desk: Desk,
): Promise<void> {
  const { github } = desk.stage.platform;
  const authorization = `Bearer ${userNamed(github.world, CLONES.operations.login).token}`;
  const answer = await fetch(`${github.apiUrl}/${path}`, { headers: { authorization } });
  const said: unknown = await answer.json();
  const found = filter
    .split('.')
    .slice(1)
    .reduce((whole: unknown, member) => Object(whole)[member], said);
  if (!answer.ok || found === undefined) throw new Error(`${text}: ${answer.status} ${JSON.stringify(said)}`);
  desk.here.heard(text, `${found}`);
}

async function dispatched(words: readonly string[], desk: Desk): Promise<void> {
  const [, , file = ''] = words;
  const given = words.filter((word) => /^\w[\w-]*=/.test(word)).map((word) => word.split('='));
  await started(desk, {
    repository: CLONES.operations.repository,
    workflow: `.github/workflows/${file}`,
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    inputs: Object.fromEntries(given),
    actor: CLONES.operations.login,
  });
}

/** A run goes on until it ends, or waits for the click of a reviewer. */
export async function started(desk: Desk, options: Parameters<Stage['run']>[0]): Promise<void> {
  const begun = await begin(desk.stage, options);
  if (begun.kind === 'waits') desk.waiting = begun;
  else succeeded(desk, begun.delivery);
}

export function succeeded({ here }: Desk, { result, outcome }: Delivery): void {
  here.ended?.(outcome);
  expect([errorsOf(result), result.conclusion]).toEqual([[], 'success']);
}

async function inShell(text: string, desk: Desk): Promise<void> {
  const command = Object.entries(desk.here.hosts).reduce(
    (all, [page, here]) => all.replaceAll(page, here),
    text,
  );
  const printed = await desk.shell(['-c', `set -o pipefail; ${command}`], { env: desk.env });
  desk.here.heard(text, printed);
  const [, clone, branch] = /^git (?:-C \.\.\/(\S+) )?push origin HEAD:(\S+)$/.exec(text) ?? [];
  const { repository } = clone === 'shop' ? CLONES.shop : CLONES.operations;
  if (branch !== undefined) desk.pushed = { repository, branch };
}

/** The provider's copy has the version that was merged for the release. */
function pulled({ copy, here }: Desk): void {
  const file = join(copy.folder, 'packages/release/package.json');
  const released = { ...JSON.parse(readFileSync(file, 'utf8')), version: here.next.slice(1) };
  writeFileSync(file, JSON.stringify(released));
}

/** The clones, and what the administrator and the provider have at hand. */
async function settle(folder: string, { platform }: Stage, { aws }: Here): Promise<void> {
  for (const name of ['.aws', '.config/containers', 'bin'])
    mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(aws, join(folder, 'bin/aws'));
  const profiles = Object.entries(platform.tenants).map(
    ([tenant, { operator }]) =>
      `[${tenant}]\naws_access_key_id = ${operator.accessKeyId}\naws_secret_access_key = ${operator.secretAccessKey}\n`,
  );
  writeFileSync(join(folder, '.aws/credentials'), profiles.join(''));
  const registry = `[[registry]]\nlocation = "${new URL(platform.aws.url).host}"\ninsecure = true\n`;
  writeFileSync(join(folder, '.config/containers/registries.conf'), registry);
  writeFileSync(join(folder, 'trust.json'), JSON.stringify(platform.released));
  const git = command('git', folder);
  for (const [name, { repository, login }] of Object.entries(CLONES)) {
    if (!platform.github.world.repositories.has(repository.toLowerCase())) continue;
    await git(['clone', '--quiet', join(platform.folder, 'repositories', `${repository}.git`), name]);
    await git(['-C', name, 'config', 'user.name', login]);
    await git(['-C', name, 'config', 'user.email', `${login}@users.noreply.github.com`]);
  }
  const key = readFileSync(join(folder, 'aws/provider-contract-key.pem'));
  writeFileSync(join(folder, 'operations/contract-key.pem'), key);
}
