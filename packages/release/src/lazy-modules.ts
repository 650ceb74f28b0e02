import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const NAMESPACE = 'lazy';

/**
 * Large guests that few starts use, each a file of its own beside the shared chunks, minified, because nobody reads it:
 * what it exports, where that is less than all of it.
 */
const GUESTS: Readonly<Record<string, string>> = {
  'tar-stream': "module.exports = require('tar-stream');",
  yaml: "module.exports = require('yaml');",
  'dockerfile-ast': "module.exports = require('dockerfile-ast');",
};

/**
 * Modules that are costly to evaluate and that most starts never use. An import of `node:http` makes Node load its own
 * undici to fill the module's names, `node:crypto` its web cryptography; @actions/http-client imports tunnel for proxies
 * only. Measured: a wrong input is answered in two thirds of the time.
 */
const BUILTINS = ['http', 'https', 'crypto', 'child_process', 'net', 'tls', 'zlib'];
const LAZY = new RegExp(`^(?:${Object.keys(GUESTS).join('|')}|tunnel|(?:node:)?(?:${BUILTINS.join('|')}))$`);

/** Puts a small module in the place of each, whose names load the real one when they are first used. */
export const lazyModules: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: LAZY }, (args) =>
      args.namespace === NAMESPACE
        ? undefined
        : { path: args.path.replace(/^node:/, ''), namespace: NAMESPACE },
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => {
      const names = Object.keys(await import(BUILTINS.includes(path) ? `node:${path}` : path)).filter(
        (name) => name !== 'default',
      );
      return {
        contents: `${realOf(path)}
const lazily = (name) => ({ enumerable: true, get: () => real()[name] });
module.exports = Object.defineProperties({}, Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, lazily(name)])));`,
        loader: 'js',
        resolveDir: join(import.meta.dirname, '../../..'),
      };
    });
  },
};

function realOf(path: string): string {
  // The name of a guest's file is kept from the bundler, which would otherwise look for it now.
  if (Object.hasOwn(GUESTS, path))
    return `const file = ['.', '${path}.cjs'].join('/');\nconst real = () => require(file);`;
  return `const real = () => require('${BUILTINS.includes(path) ? `node:${path}` : path}');`;
}

/** Writes the files that the guests' place holders load. Answers their sources. */
export async function buildGuests(root: string, chunks: string): Promise<readonly string[]> {
  const built = await Promise.all(
    Object.entries(GUESTS).map(async ([guest, contents]) => {
      const { metafile } = await build({
        absWorkingDir: root,
        stdin: { contents, resolveDir: root },
        outfile: join(chunks, `${guest}.cjs`),
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
    }),
  );
  return built.flat();
}
