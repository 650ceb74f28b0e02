import { HOUR, policyMistakes } from '@tenant-delivery/rotation/access-key/policy';
import type { TenantContract } from './contract.ts';
import type { Credential, CredentialConsumer } from './credential-terms.ts';
import { agreedTimes } from './credential-times.ts';

/** Where a consumer keeps what it is given: two that share a place would write over one another. */
export function placesOf(consumer: CredentialConsumer): readonly string[] {
  if (consumer.kind === 'external') return [];
  const { repository, environment } = consumer;
  const home = `${repository}${environment === undefined ? '' : ` (${environment})`}`.toLowerCase();
  const names =
    consumer.mode === 'slots'
      ? ['ID_A', 'SECRET_A', 'ID_B', 'SECRET_B'].map((slot) => `${consumer.name}_${slot}`)
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
    ...twice('user', ({ user }) => [user]),
    ...twice('secret', ({ escrow }) => [escrow]),
    ...twice('place', ({ consumers }) => consumers.flatMap(placesOf)),
    ...(all.length > 0 && environments['rotation']
      ? [
          'environments.rotation: its tasks could read td/rotation/*, where credentials are kept; name it otherwise',
        ]
      : []),
    ...all.flatMap(({ credential, at, githubApp }) =>
      lintCredential(credential, { githubApp, apps, operations: operations.repository }).map(
        (problem) => `${at}.${problem}`,
      ),
    ),
  ];
}

interface Around {
  readonly githubApp: object | undefined;
  readonly apps: readonly string[];
  readonly operations: string;
}

function lintCredential(credential: Credential, { githubApp, apps, operations }: Around): readonly string[] {
  const { consumers, escrow, freezes = [] } = credential;
  const github = consumers.flatMap((consumer) => (consumer.kind === 'github' ? [consumer] : []));
  const external = consumers.flatMap((consumer) => (consumer.kind === 'external' ? [consumer.name] : []));
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  const says = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  return [
    ...says(consumers.length > 0, 'consumers: there is none; without one, delete the key instead'),
    ...says(
      github.length === 0 || githubApp !== undefined,
      'consumers: secrets of GitHub are written by an App, which githubApp of the environment must name',
    ),
    ...says(
      github.every(({ repository }) => repository.toLowerCase() !== operations.toLowerCase()),
      `consumers: ${operations} is where rotations run, with an identity of its own; give its jobs a role in place of this key`,
    ),
    ...says(new Set(external).size === external.length, 'consumers: two external ones have the same name'),
    ...says(
      !apps.includes(escrow),
      `escrow: ${escrow} has the private key of the App, which a rotation would write over`,
    ),
    ...freezes
      .filter(({ from, to }) => !(Date.parse(from) < Date.parse(to)))
      .map(({ from, to }) => `freezes: from ${from} to ${to} is no time`),
    ...policyMistakes(agreedTimes(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
}
