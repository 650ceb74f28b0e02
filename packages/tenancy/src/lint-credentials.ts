import { judged } from '@tenant-delivery/action-kit/readable';
import type { Owned } from '@tenant-delivery/credentials/credential-kind';
import { type Credential, kindOf } from '@tenant-delivery/credentials/kinds';
import type { TenantContract } from './contract.ts';

/** What belongs to one credential alone, in the order in which it is told. */
const OWNED: readonly Owned['what'][] = ['user', 'secret', 'VPN connection', 'place'];

/** What is wrong with the credentials of all environments: they are of one account. */
export function lintCredentials({ environments, operations }: TenantContract): readonly string[] {
  const all = Object.entries(environments).flatMap(([environment, { credentials = [], githubApp }]) =>
    credentials.map((credential) => ({
      credential,
      at: `environments.${environment}.credentials.${credential.id}`,
      githubApp,
    })),
  );
  const apps = Object.values(environments).flatMap(({ githubApp }) => (githubApp ? [githubApp.key] : []));
  const twice = (what: string, of: (credential: Credential) => readonly string[]) => {
    const owners = new Map<string, string>();
    return all.flatMap(({ credential, at }) =>
      of(credential).flatMap((thing) => {
        const known = what === 'user' ? thing.toLowerCase() : thing; // IAM distinguishes no names by case
        const owner = owners.get(known);
        owners.set(known, owner ?? at);
        return owner === undefined
          ? []
          : [`${at}: the ${what} ${thing} is ${owner}'s already; give this one its own`];
      }),
    );
  };
  return judged(
    () => twice('id', ({ id }) => [id]),
    ...OWNED.map(
      (what) => () =>
        twice(what, (credential) =>
          kindOf(credential)
            .owns(credential)
            .filter((each) => each.what === what)
            .map(({ name }) => name),
        ),
    ),
    () =>
      all.length > 0 && Object.hasOwn(environments, 'rotation')
        ? [
            'environments.rotation: its tasks could read td/rotation/*, where credentials are kept; name it otherwise',
          ]
        : [],
    ...all.map(({ credential, at, githubApp }) => () => {
      const around = { githubApp, apps, operations: operations.repository };
      return [...lintFreezes(credential), ...kindOf(credential).lint(credential, around)].map(
        (problem) => `${at}.${problem}`,
      );
    }),
  );
}

function lintFreezes({ freezes = [] }: Credential): readonly string[] {
  return freezes
    .filter(({ from, to }) => !(Date.parse(from) < Date.parse(to)))
    .map(({ from, to }) => `freezes: from ${from} to ${to} is no time`);
}
