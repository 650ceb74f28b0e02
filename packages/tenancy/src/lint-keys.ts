import type { EnvironmentKey } from '@tenant-delivery/evidence/trust';
import type { TenantContract } from './contract.ts';
import { repeated } from './problems.ts';

/** The keys that a contract names: each once, of one environment, with one duty, and for some time. */
export function lintKeys({ environments }: TenantContract): readonly string[] {
  const all = Object.entries(environments).flatMap(([environment, { keys = [] }]) =>
    keys.map((key) => ({ ...key, environment })),
  );
  return [
    ...repeated(all.map(({ keyId }) => keyId)).map((keyId) => {
      const places = all
        .filter((key) => key.keyId === keyId)
        .map(({ environment, duty }) => `${environment} (${duty})`);
      return `environments: the key ${keyId.slice(0, 12)}… is there more than once, for ${places.join(' and ')}; each environment has a key of its own for each duty`;
    }),
    ...all.flatMap(({ environment, ...key }) =>
      endsBeforeItBegins(key)
        ? [
            `environments.${environment}.keys: the key ${key.keyId.slice(0, 12)}… counts until ${key.until}, which is before ${key.from}`,
          ]
        : [],
    ),
    ...Object.entries(environments)
      .filter(([, { sourceKeys }]) => sourceKeys !== undefined)
      .map(
        ([environment]) =>
          `environments.${environment}.sourceKeys: leave it out; \`contract sign\` copies the keys of the environment that versions come from`,
      ),
  ];
}

function endsBeforeItBegins({ from, until }: EnvironmentKey): boolean {
  return until !== undefined && Date.parse(until) < Date.parse(from);
}
