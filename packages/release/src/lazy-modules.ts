import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

/**
 * Modules that are costly to evaluate and that most starts never use. `@actions/core` imports all of them to ask for an
 * OIDC token, tunnel and undici for a proxy only. An import of `node:http` makes Node load its own undici to fill the
 * module's names, and one of `node:crypto` its web cryptography. Measured: a wrong input is answered in half the time.
 */
const COSTLY = /^(?:tunnel|undici|(?:node:)?(?:http|https|crypto))$/;

export const LAZY = '\0lazy:';

/** Beside the chunk of these modules, whose `require` looks for it there. */
const UNDICI = './undici.cjs';

const { resolve } = createRequire(import.meta.url);

/** Puts a small module in the place of each, whose names load the real one when they are first used. */
export const lazyModules: Plugin = {
  name: 'lazy-modules',
  resolveId: {
    filter: { id: COSTLY },
    handler: (path, importer) => {
      if (!importer?.startsWith(LAZY)) return `${LAZY}${path}`;
      if (path === 'tunnel') return resolve(path);
      return { id: path === 'undici' ? UNDICI : path, external: true };
    },
  },
  load: {
    filter: { id: new RegExp(`^${LAZY}`) },
    handler: async (id) => {
      const path = id.slice(LAZY.length);
      const names = Object.keys(await import(path)).filter(
        (name) => !['default', 'module.exports'].includes(name),
      );
      return {
        code: `const real = () => require(${JSON.stringify(path)});
const lazily = (name) => ({ enumerable: true, get: () => real()[name] });
module.exports = Object.defineProperties({}, Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, lazily(name)])));`,
        moduleType: 'js',
      };
    },
  },
};

/**
 * Writes undici as a file of its own beside the shared chunks, minified: it is large, and a start that does not use it
 * would still have to parse it. Answers its sources.
 */
export async function buildUndici(chunks: string): Promise<readonly string[]> {
  const bundle = await rolldown({ input: resolve('undici'), platform: 'node' });
  const { output } = await bundle.write({
    file: join(chunks, UNDICI),
    format: 'cjs',
    comments: false,
    minify: true,
  });
  return output.flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
}
