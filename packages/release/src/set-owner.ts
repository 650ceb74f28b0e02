import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownedBy, PLACEHOLDER, type Provider, placesOfPlaceholder } from './placeholder.ts';

/** GitHub, "Username considerations": letters, digits and single hyphens that are at neither end; 39 at most. */
const OWNER = /^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}$/;
const NAME = /^[\w.-]{1,100}$/;

/** Where this copy says whose it is. Written last, so that one that stopped half way goes on when it is begun again. */
const SAYS_WHOSE = 'package.json';

/** `OWNER/REPO` as somebody typed it; a sentence about what is wrong with it. */
export function readProvider(typed: string): Provider | string {
  const [owner = '', name = '', ...more] = typed.split('/');
  if (
    more.length > 0 ||
    !OWNER.test(owner) ||
    owner.length > 39 ||
    !NAME.test(name) ||
    /^\.+$|\.git$/.test(name)
  )
    return `${JSON.stringify(typed)} is no repository of GitHub: write the owner and the name, such as initech/tenant-delivery.`;
  if (owner === PLACEHOLDER) return `${PLACEHOLDER} is the placeholder: give the owner of your own copy.`;
  return { owner, name };
}

/**
 * Puts a provider into every place of the placeholder. Answers the files that changed, none when all was done before;
 * a sentence when nothing could be done, and then nothing was.
 */
export function setOwner(root: string, provider: Provider): readonly string[] | string {
  const now = ownerNow(root);
  const wanted = `${provider.owner}/${provider.name}`;
  if (!now.startsWith(`${PLACEHOLDER}/`) && now !== wanted)
    return `This copy is ${now}, not ${wanted}. The roles of every tenant trust that name, so it is not renamed: docs/releasing.md says why.`;
  const files = placesOfPlaceholder(root);
  const failed = writeAside(root, files, provider);
  if (failed !== undefined) return `Nothing was changed: ${failed}`;
  const last = files.filter((file) => file === SAYS_WHOSE);
  for (const file of [...files.filter((each) => each !== SAYS_WHOSE), ...last])
    renameSync(aside(root, file), join(root, file));
  format(root, files);
  return files;
}

/** A longer or shorter name breaks lines elsewhere, and `npm run check` asks for that. */
function format(root: string, files: readonly string[]): void {
  if (files.length === 0) return;
  const biome = ['--no-install', 'biome', 'format', '--write', '--no-errors-on-unmatched'];
  execFileSync('npx', [...biome, ...files], { cwd: root, stdio: 'ignore' });
}

/** Writes every new file beside the old one, or none; answers what went wrong. */
function writeAside(root: string, files: readonly string[], provider: Provider): string | undefined {
  try {
    for (const file of files) {
      const path = join(root, file);
      writeFileSync(aside(root, file), ownedBy(readFileSync(path, 'utf8'), provider), {
        mode: statSync(path).mode,
      });
    }
    return undefined;
  } catch (thrown) {
    for (const file of files)
      if (statSync(aside(root, file), { throwIfNoEntry: false })?.isFile()) rmSync(aside(root, file));
    return (thrown as Error).message; // of fs
  }
}

function aside(root: string, file: string): string {
  return join(root, `${file}.new`);
}

function ownerNow(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, SAYS_WHOSE), 'utf8')) as { repository: string }; // our own file
  return repository.replace(/^github:/, '');
}
