import type { Plugin } from 'esbuild';

/**
 * Actions mint their own sessions from the job's OIDC token and hand them to every client, so the SDK's search for
 * credentials (environment, files, containers, instances) is left out of the bundles: a client that was made without
 * a session fails instead of acting as whoever the runner happens to be.
 */
export const noAmbientCredentials: Plugin = {
  name: 'no-ambient-credentials',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'none',
      namespace: 'no-ambient-credentials',
    }));
    build.onLoad({ filter: /.*/, namespace: 'no-ambient-credentials' }, () => ({
      contents: `export const defaultProvider = () => async () => {
  throw new Error('This client was made without a session; tenant-delivery uses no ambient credentials.');
};`,
      loader: 'js',
    }));
  },
};
