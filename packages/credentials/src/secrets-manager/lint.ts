import { says } from '../lint.ts';
import type { SecretsManagerSecret } from './terms.ts';

export function lintSecretsManager({ strategy, outages = [] }: SecretsManagerSecret): readonly string[] {
  return [
    ...says(
      strategy !== 'single-user' || outages.length > 0,
      'outages: there is none, and tasks fail between the change of a single password and the last replaced task; name a time that was agreed for it, or use alternating users',
    ),
    ...says(
      strategy === 'single-user' || outages.length === 0,
      `outages: a secret that is ${strategy} has none; leave them out`,
    ),
    ...outages
      .filter(({ from, to }) => !(Date.parse(from) < Date.parse(to)))
      .map(({ from, to }) => `outages: from ${from} to ${to} is no time`),
  ];
}
