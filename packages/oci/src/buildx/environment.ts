/** What a build's process may know of the runner: where its tools and its engine are, and nothing that is a secret. */
const ALLOWED = [
  'PATH',
  'LANG',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'BUILDX_BUILDER',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
] as const;

/** With these BuildKit reaches the cache of GitHub Actions. None of them gives an identity. */
const OF_GITHUBS_CACHE = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_CACHE_SERVICE_V2',
] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The environment of the builder's process: the allow-list, a private home, and what the build is given as variables. */
export function builderEnvironment(
  env: Env,
  given: {
    readonly home: string;
    readonly epoch?: number;
    /** Its secrets under names of ours, and arguments under names that change nothing for the builder. */
    readonly variables?: Readonly<Record<string, string>>;
    /** It reads or writes the cache of GitHub Actions. */
    readonly cachesAtGitHub?: boolean;
  },
): Record<string, string> {
  const allowed = [...ALLOWED, ...(given.cachesAtGitHub ? OF_GITHUBS_CACHE : [])];
  const known = allowed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(known),
    HOME: given.home,
    DOCKER_CONFIG: given.home,
    // Builders made by setup-buildx are listed in the runner's own folder.
    BUILDX_CONFIG: env['BUILDX_CONFIG'] ?? `${dockerConfig(env)}/buildx`,
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    BUILDX_GIT_INFO: 'false',
    ...given.variables,
    ...(given.epoch === undefined ? {} : { SOURCE_DATE_EPOCH: String(given.epoch) }),
  };
}

export function dockerConfig(env: Env): string {
  return env['DOCKER_CONFIG'] ?? `${env['HOME'] ?? '/root'}/.docker`;
}
