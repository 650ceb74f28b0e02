import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LOCAL_TRUST } from './local-trust.ts';
import { root } from './provider-repository.ts';

const CACHE = join(root, 'node_modules/.cache/local-release');

/** The release of the `dist/` that was looked at last. Each build puts a new folder in its place. */
let newest: { readonly dist: number; readonly folder: string } | undefined;

/** A folder with the bundles of this work tree beside that trust file; the same bundles have the same folder. */
export function localRelease(): string {
  const dist = statSync(join(root, 'dist'), { throwIfNoEntry: false })?.ctimeMs ?? 0;
  if (newest?.dist !== dist || !existsSync(newest.folder)) newest = { dist, folder: releaseOfDist() };
  return newest.folder;
}

function releaseOfDist(): string {
  const files = globSync('dist/**/*.mjs', { cwd: root }).sort();
  if (files.length === 0) throw new Error('dist/ is not built: run npm run build');
  const hash = createHash('sha256').update(LOCAL_TRUST);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  const folder = join(CACHE, hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) make(folder);
  return folder;
}

/** Whole or not at all: suites run side by side. */
function make(folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(`${folder}.`);
  cpSync(join(root, 'dist'), join(made, 'dist'), { recursive: true });
  mkdirSync(join(made, 'trust'));
  writeFileSync(join(made, 'trust/provider.json'), LOCAL_TRUST);
  try {
    renameSync(made, folder);
  } catch (thrown) {
    rmSync(made, { recursive: true });
    if (!existsSync(folder)) throw thrown;
  }
}
