import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { RegistryLogin } from '../registry/port.ts';
import { dockerConfig } from './environment.ts';

/** Logins as a Docker configuration has them: by host, a name and a password in base 64. */
export type Logins = Readonly<Record<string, { readonly auth: string }>>;

export function loginsOf(login: RegistryLogin | undefined): Logins {
  return login === undefined
    ? {}
    : { [login.host]: { auth: Buffer.from(`${login.username}:${login.password}`).toString('base64') } };
}

const configSchema = v.looseObject({ auths: v.optional(v.record(v.string(), v.unknown()), {}) });
const authSchema = v.looseObject({ auth: v.pipe(v.string(), v.nonEmpty()) });

/**
 * The logins that earlier steps of the job left in the runner's Docker configuration (docker/login-action). Those that a
 * program keeps are not read, because a build gets no such program.
 */
export function loginsOfJob(env: Readonly<Record<string, string | undefined>>): Logins {
  const config = v.safeParse(configSchema, configIn(join(dockerConfig(env), 'config.json')));
  if (!config.success) return {};
  return Object.fromEntries(
    Object.entries(config.output.auths).flatMap(([host, login]) => {
      const read = v.safeParse(authSchema, login);
      return read.success ? [[host, { auth: read.output.auth }]] : [];
    }),
  );
}

/** A configuration that is not there, or is no JSON, has no logins: Docker says the same of it. */
function configIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
