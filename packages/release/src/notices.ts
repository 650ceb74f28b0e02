import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence texts of every package whose code is in the bundles, sorted by package. */
export function noticesOf(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders]
    .sort()
    .map((folder) => noticeOf(join(root, folder)))
    .join('\n');
}

function packageFolder(input: string): string | undefined {
  const path = input.replace(/^[a-z-]+:/, '');
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.startsWith('/') ? '' : path)?.[0];
}

function noticeOf(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return '';
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>; // npm's own file
  const text = globSync('{LICENSE,LICENCE,license}*', { cwd: folder })
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  return `${name} ${version} (${license})\n\n${text}\n${'-'.repeat(79)}\n`;
}
