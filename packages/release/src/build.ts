import { existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { CHUNKS } from './chunks.ts';
import { buildUndici, lazyModules } from './lazy-modules.ts';
import { literalKeys } from './literal-keys.ts';
import { type BundledPackage, noticesOf, packagesOf } from './notices.ts';
import { repositoryName, versionHere } from './this-repository.ts';

const root = join(import.meta.dirname, '../../..');

/** The command line of a release. It shares the chunks of the actions, whose clients and rules it needs. */
const COMMAND = { 'tenant-delivery': 'packages/cli/src/released.ts' };

/**
 * Builds every action into one `dist/` with shared chunks: `dist/NAME.mjs`, and `dist/NAME-post.mjs` where an action
 * has something to undo; and the command line beside them, `dist/tenant-delivery.mjs`. Readable on purpose; the same sources give the same bytes. Made aside and put in place whole,
 * so that an action that starts meanwhile finds the old one or the new one; one that is loading may find neither.
 * Answers the packages of others that are in it.
 */
export async function buildActions(outdir = join(root, 'dist')): Promise<readonly BundledPackage[]> {
  const aside = `${outdir}.${process.pid}`;
  const before = `${aside}.before`;
  try {
    const packages = await buildInto(aside);
    // Deleting takes long enough for somebody to find half of it.
    if (existsSync(outdir)) renameSync(outdir, before);
    renameSync(aside, outdir);
    return packages;
  } finally {
    for (const folder of [aside, before]) rmSync(folder, { recursive: true, force: true });
  }
}

async function buildInto(outdir: string): Promise<readonly BundledPackage[]> {
  const entries = globSync('actions/*/src/{main,post}.ts', { cwd: root }).sort();
  mkdirSync(outdir, { recursive: true });
  const sources = await bundle(
    { ...COMMAND, ...Object.fromEntries(entries.map((entry) => [bundleName(entry), entry])) },
    outdir,
  );
  const packages = packagesOf(root, sources);
  writeFileSync(join(outdir, 'THIRD_PARTY_NOTICES.txt'), noticesOf(packages));
  // A folder of .mjs files needs no package.json, but a reader who lands here should learn where it came from.
  writeFileSync(
    join(outdir, 'README.txt'),
    `tenant-delivery ${versionHere()}: built from actions/ and packages/cli by npm run build.\n`,
  );
  return packages;
}

/** Bundles entries, by the name that each file gets, as the actions are bundled. Answers their sources. */
export async function bundle(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
): Promise<readonly string[]> {
  const release = { repository: repositoryName(), version: versionHere() };
  const made = await rolldown({
    cwd: root,
    input: { ...entryPoints },
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    plugins: [lazyModules, literalKeys],
    transform: { define: { BUNDLED_RELEASE: JSON.stringify(release) } },
    checks: { ineffectiveDynamicImport: false }, // one action loads later what another one needs at once
  });
  const { output } = await made.write({
    dir: outdir,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunks/[name]-[hash].mjs',
    codeSplitting: { groups: [...CHUNKS] },
    minifyInternalExports: false,
    comments: false,
  });
  const sources = output.flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
  const all = [...sources, ...(await buildUndici(join(outdir, 'chunks')))];
  return all.filter((id) => isAbsolute(id)).map((id) => relative(root, id));
}

function bundleName(entry: string): string {
  const [, action, , file] = entry.split('/');
  return file === 'post.ts' ? `${action}-post` : `${action}`;
}

if (import.meta.main) {
  const started = performance.now();
  await buildActions();
  console.log(
    `dist/ built in ${Math.round(performance.now() - started)} ms (${relative(process.cwd(), join(root, 'dist')) || '.'})`,
  );
}
