import type { CredentialConsumer } from '@tenant-delivery/credentials/consumers';
import type { Credential } from '@tenant-delivery/credentials/credential';
import { lintIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/lint';
import type { Around } from '@tenant-delivery/credentials/lint';
import { lintGithubAppKey, lintGithubDeployKey } from '@tenant-delivery/credentials/lint-github-keys';
import { lintPullThrough } from '@tenant-delivery/credentials/pull-through/lint';
import { lintSecretOfTasks } from '@tenant-delivery/credentials/secrets-manager/lint';
import { lintVpnPsk } from '@tenant-delivery/credentials/vpn-psk/lint';
import type { TenantContract } from './contract.ts';

/** Where a consumer keeps what it is given: two that share a place would write over one another. */
function placesOf(consumer: CredentialConsumer, slots: readonly string[]): readonly string[] {
  if (consumer.kind !== 'github') return [];
  const { repository, environment, organisation } = consumer;
  const place = organisation ? (repository.split('/')[0] ?? '') : repository;
  const home = `${place}${environment === undefined ? '' : ` (${environment})`}`.toLowerCase();
  const names =
    consumer.mode === 'slots'
      ? slots.map((slot) => `${consumer.name}_${slot}`)
      : [consumer.idName, consumer.secretName];
  return names.map((name) => `${name} of ${home}`);
}

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
        const owner = owners.get(thing);
        owners.set(thing, owner ?? at);
        return owner === undefined ? [] : [`${at}: the ${what} ${thing} is ${owner}'s already`];
      }),
    );
  };
  return [
    ...twice('id', ({ id }) => [id]),
    ...twice('user', (credential) => ('user' in credential ? [credential.user] : [])),
    ...twice('secret', secretsOf),
    ...twice('VPN connection', (credential) => ('vpn' in credential ? [credential.vpn] : [])),
    ...twice('place', (credential) =>
      'consumers' in credential
        ? credential.consumers.flatMap((each) => placesOf(each, slotsOf(credential)))
        : [],
    ),
    ...(all.length > 0 && environments['rotation']
      ? [
          'environments.rotation: its tasks could read td/rotation/*, where credentials are kept; name it otherwise',
        ]
      : []),
    ...all.flatMap(({ credential, at, githubApp }) => {
      const around = { githubApp, apps, operations: operations.repository };
      return [...lintFreezes(credential), ...lintKind(credential, around)].map(
        (problem) => `${at}.${problem}`,
      );
    }),
  ];
}

function secretsOf(credential: Credential): readonly string[] {
  return [
    ...('escrow' in credential ? [credential.escrow] : []),
    ...('secret' in credential ? [credential.secret] : []),
    ...('consumers' in credential
      ? credential.consumers.flatMap((each) => (each.kind === 'secrets-manager' ? [each.secret] : []))
      : []),
  ];
}

/** What the names of a slot's secrets end with: of two for a pair, of one for a key that stands alone. */
function slotsOf({ kind }: Credential): readonly string[] {
  return kind === 'github-deploy-key' ? ['A', 'B'] : ['ID_A', 'SECRET_A', 'ID_B', 'SECRET_B'];
}

function lintKind(credential: Credential, around: Around): readonly string[] {
  switch (credential.kind) {
    case 'iam-access-key':
      return lintIamAccessKey(credential, around);
    case 'github-deploy-key':
      return lintGithubDeployKey(credential, around);
    case 'github-app-key':
      return lintGithubAppKey(credential, around);
    case 'secrets-manager':
      return lintSecretOfTasks(credential, around);
    case 'pull-through':
      return lintPullThrough(credential, around);
    case 'vpn-psk':
      return lintVpnPsk(credential, around);
    default:
      return [];
  }
}

function lintFreezes({ freezes = [] }: Credential): readonly string[] {
  return freezes
    .filter(({ from, to }) => !(Date.parse(from) < Date.parse(to)))
    .map(({ from, to }) => `freezes: from ${from} to ${to} is no time`);
}
