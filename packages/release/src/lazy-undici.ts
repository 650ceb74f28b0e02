import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'lazy-undici';

/**
 * @actions/http-client imports undici for proxies only, and evaluating undici costs more than the rest of an action's
 * start. This puts a module in its place that evaluates the real one when a name of it is first used.
 * `require` is caught too: the http-client under @actions/github is CommonJS.
 */
export const lazyUndici: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, async (args) => {
      if (args.namespace === NAMESPACE || args.pluginData === NAMESPACE) return undefined;
      const real = await build.resolve(args.path, {
        kind: args.kind,
        resolveDir: args.resolveDir,
        importer: args.importer,
        pluginData: NAMESPACE,
      });
      return real.errors.length > 0 ? real : { path: real.path, namespace: NAMESPACE };
    });
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, (args) => ({
      contents: `const real = () => require(${JSON.stringify(args.path)});
const lazily = (name) => ({ enumerable: true, get: () => real()[name] });
module.exports = Object.defineProperties({}, Object.fromEntries(
  ['ProxyAgent', 'EnvHttpProxyAgent', 'Agent', 'fetch', 'Headers', 'request', 'setGlobalDispatcher'].map((name) => [name, lazily(name)])));`,
      loader: 'js',
      resolveDir: dirname(args.path),
    }));
  },
};
