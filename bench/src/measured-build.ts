import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startRegistry } from './local-registry.ts';
import type { OwnBuild, OwnBuildCost } from './own-build.ts';

const MEGABYTE = 1_000_000; // bytes
const FOLDERS = 20;

/** What is in a context. */
export interface ContextSize {
  readonly megabytes: number;
  readonly links: number;
}

/** A context that our builder can build and push, in a process of its own. `run` answers what that process cost. */
export async function measuredBuild(size: ContextSize): Promise<{
  run(): Promise<OwnBuildCost>;
  close(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-context-'));
  const { aws, credentials, close } = await startRegistry(['acme/own']);
  const order: OwnBuild = {
    url: aws.url,
    credentials,
    context: contextOf(folder, size),
    output: join(folder, 'layout'),
    repository: 'acme/own',
    tag: '1',
    mountFrom: [],
  };
  const file = join(folder, 'order.json');
  writeFileSync(file, JSON.stringify(order));
  return {
    run: async () => {
      const build = [join(import.meta.dirname, 'own-build.ts'), file];
      const { stdout } = await promisify(execFile)(process.execPath, build);
      return JSON.parse(stdout) as OwnBuildCost; // by own-build.ts
    },
    close: async () => {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Files of a megabyte each in twenty folders, and all links in a row. */
function contextOf(folder: string, { megabytes, links }: ContextSize): string {
  const context = join(folder, 'context');
  mkdirSync(join(context, 'links'), { recursive: true });
  for (let n = 0; n < FOLDERS; n += 1) mkdirSync(join(context, `folder-${n}`));
  for (let n = 0; n < megabytes; n += 1) {
    const text = randomBytes(MEGABYTE / 2).toString('hex'); // as compressible as text is
    writeFileSync(join(context, `folder-${n % FOLDERS}`, `file-${n}`), text);
  }
  writeFileSync(join(context, 'large'), randomBytes(MEGABYTE));
  for (let n = 0; n < links; n += 1) symlinkSync('../large', join(context, 'links', `link-${n}`));
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /srv/\n');
  return context;
}
