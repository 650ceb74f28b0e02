import { Agent as HttpAgent, setGlobalProxyFromEnv } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

type Env = Readonly<Record<string, string | undefined>>;

/** The connections of a session: kept open, shared by its clients, and made through a proxy where the environment names one. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** What is on this machine, local-aws for one, is never asked through a proxy. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Node's own agents follow HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper and lower case. */
export function agentsIn(env: Env): Agents {
  const options = { keepAlive: true, proxyEnv: proxiesIn(env) };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/** Lets `fetch` follow the same proxies: by it images are pushed to Amazon ECR, and read from it. Node can since 24.14. */
export function proxyFetch(env: Env): void {
  const named = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some((name) => env[name]);
  if (named) setGlobalProxyFromEnv?.(proxiesIn(env));
}

function proxiesIn(env: Env) {
  return { ...env, no_proxy: direct(env).join(',') };
}

/** The hosts of NO_PROXY. A domain includes its subdomains, as curl and GitHub's own client read it; Node wants a dot. */
function direct(env: Env): readonly string[] {
  const named = (env['no_proxy'] || env['NO_PROXY'] || '').split(',').map((host) => host.trim());
  const hosts = named.filter((host) => host !== '');
  const below = hosts.filter((host) => /^[a-z]/i.test(host)).map((host) => `.${host}`);
  return [...LOOPBACK, ...hosts, ...below];
}
