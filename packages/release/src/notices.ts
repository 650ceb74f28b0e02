import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence texts of every package whose code is in the bundles; packages with the same text share it. */
export function noticesOf(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  const byText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, text } = noticeOf(join(root, folder));
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`).join(`\n${'-'.repeat(79)}\n`);
}

function packageFolder(input: string): string | undefined {
  const path = input.replace(/^[a-z-]+:/, '');
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.startsWith('/') ? '' : path)?.[0];
}

function noticeOf(folder: string): { readonly name: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >; // npm's own file
  const text = globSync('{LICENSE,LICENCE,license}*', { cwd: folder })
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n');
  return { name: `${name} ${version} (${license})`, text };
}
