import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const NAMESPACE = 'lazy';

/**
 * Modules that are costly to evaluate and that most starts never use. `@actions/core` imports all of them to ask for an
 * OIDC token, tunnel and undici for a proxy only. An import of `node:http` makes Node load its own undici to fill the
 * module's names, and one of `node:crypto` its web cryptography. Measured: a wrong input is answered in half the time.
 */
const COSTLY = /^(?:tunnel|undici|(?:node:)?(?:http|https|crypto))$/;

/** Puts a small module in the place of each, whose names load the real one when they are first used. */
export const lazyModules: Plugin = {
  name: NAMESPACE,
  setup({ onResolve, onLoad }) {
    onResolve({ filter: COSTLY }, ({ path, namespace }) =>
      namespace === NAMESPACE ? undefined : { path, namespace: NAMESPACE },
    );
    onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      return {
        contents: `const real = () => require(${path === 'undici' ? UNDICI : `'${path}'`});
const lazily = (name) => ({ enumerable: true, get: () => real()[name] });
module.exports = Object.defineProperties({}, Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, lazily(name)])));`,
        loader: 'js',
        resolveDir: join(import.meta.dirname, '../../..'),
      };
    });
  },
};

/** The name of undici's file, kept from the bundler, which would look for it now. */
const UNDICI = "['.', 'undici.cjs'].join('/')";

/**
 * Writes undici as a file of its own beside the shared chunks, minified: it is large, and a start that does not use it
 * would still have to parse it. Answers its sources.
 */
export async function buildUndici(root: string, chunks: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: "module.exports = require('undici');", resolveDir: root },
    outfile: join(chunks, 'undici.cjs'),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
