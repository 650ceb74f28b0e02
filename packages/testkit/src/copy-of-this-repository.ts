import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { keyIdOf } from '@tenant-delivery/evidence/keys';

const root = join(import.meta.dirname, '../../..');
const MOST = 256 * 1024 * 1024;

/** This work tree as somebody has it who has just copied it: its files in one commit, and what `npm ci` has installed. */
export interface Copy {
  readonly folder: string;
  git(...args: readonly string[]): string;
  /** Starts one of our programs in the copy. */
  node(...args: readonly string[]): Ended;
  /** The same, while servers of this process go on. */
  start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended>;
  remove(): void;
}

interface Ended {
  readonly exit: number | null;
  readonly printed: string;
}

export function copyThisRepository(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'td-copy-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const packed = execFileSync('tar', ['--create', '--null', '--files-from=-'], {
    cwd: root,
    input: files,
    maxBuffer: MOST,
  });
  execFileSync('tar', ['--extract'], { cwd: folder, input: packed });
  install(folder);
  git('init', '--quiet', '--initial-branch=main');
  borrowObjects(folder);
  git('config', 'user.name', 'Kim');
  git('config', 'user.email', 'kim@example.org');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  // Node would keep what it compiled of this copy after its end: the copy takes it along.
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    NODE_COMPILE_CACHE: join(folder, '.git/compiled'),
    INIT_CWD: folder,
  };
  return {
    folder,
    git,
    node: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: 'utf8',
        env,
      });
      return { exit: status, printed: `${stdout}${stderr}` };
    },
    start: async (args, more) => {
      const child = spawn(process.execPath, args, {
        cwd: folder,
        env: { ...env, ...more },
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          printed += chunk;
        });
      const [exit] = await once(child, 'close');
      return { exit, printed };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Git writes no object again that this repository has: most files are as they were committed. */
function borrowObjects(folder: string): void {
  const path = execFileSync('git', ['rev-parse', '--git-path', 'objects'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  writeFileSync(join(folder, '.git/objects/info/alternates'), `${resolve(root, path)}\n`);
}

/** The packages of others by links, ours by links to those of the copy. */
function install(folder: string): void {
  const into = join(folder, 'node_modules');
  mkdirSync(join(into, '@tenant-delivery'), { recursive: true });
  for (const entry of readdirSync(join(root, 'node_modules')).filter((name) => name !== '@tenant-delivery'))
    symlinkSync(join(root, 'node_modules', entry), join(into, entry));
  for (const path of globSync('{packages,actions,local}/*', { cwd: folder })) {
    const [wing = '', name = ''] = path.split('/');
    symlinkSync(
      join(folder, path),
      join(into, '@tenant-delivery', wing === 'local' ? `local-${name}` : name),
    );
  }
}

/** A copy that has an owner and a contract key, as `init` and docs/releasing.md want it. */
export function copyOf(owner: string): Copy {
  const copy = copyThisRepository();
  const init = copy.node('packages/cli/bin/tenant-delivery.mjs', 'init', '--owner', owner);
  if (init.exit !== 0) throw new Error(init.printed);
  addContractKey(copy);
  copy.git('commit', '--quiet', '--all', '--message', `Belong to ${owner}`);
  return copy;
}

/** A public key that nobody holds the other half of. */
function addContractKey({ folder }: Copy): void {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = {
    keyId: keyIdOf(publicKey),
    duty: 'contract',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    from: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(
    join(folder, 'trust/provider.json'),
    `${JSON.stringify({ schemaVersion: 1, keys: [key] }, null, 2)}\n`,
  );
}
