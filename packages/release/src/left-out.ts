import type { Plugin } from 'esbuild';

/** Modules that dependencies bring and no action uses, and what stands in their place. */
const INSTEAD: Readonly<Record<string, string>> = {
  // Requests and answers that are streams of events. No adapter asks for one.
  '@smithy/core/event-streams': `export const resolveEventStreamSerdeConfig = (config) => config;
export const eventStreamSerdeProvider = undefined;
export const EventStreamSerde = undefined;`,
  // @actions/github asks through it. Node carries the same fetch, which knows proxies when it is told to use them.
  undici: `export class ProxyAgent {}
export const fetch = (url, { dispatcher, ...asked }) => {
  if (dispatcher && process.env.NODE_USE_ENV_PROXY !== '1')
    return Promise.reject(new Error('The environment names a proxy; set NODE_USE_ENV_PROXY: 1 beside it, so that Node asks GitHub through it.'));
  return globalThis.fetch(url, asked);
};`,
  // Reads whole numbers that JavaScript would round as BigInts. GitHub has none, and no adapter would take one.
  'json-with-bigint': `export const JSONStringify = JSON.stringify;
export const JSONParse = (text) => JSON.parse(text, (_, value) => {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new SyntaxError('a whole number beyond 2^53');
  return value;
});`,
  // The adapters turn pages themselves.
  '@octokit/plugin-paginate-rest': 'export const paginateRest = () => ({});',
  // A method for every route of GitHub's. The adapters name the few routes that they ask as GitHub documents them.
  '@octokit/plugin-rest-endpoint-methods': 'export const restEndpointMethods = () => ({});',
};

export const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(INSTEAD).join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: INSTEAD[path] ?? '',
      loader: 'js',
    }));
  },
};
