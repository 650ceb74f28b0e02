import { type InstallationToken, installationToken, type Sessions } from '@tenant-delivery/github/app-token';
import { secretPair, secretSlots } from '@tenant-delivery/github/secret-consumer';
import { permissionsFor, type SecretHome } from '@tenant-delivery/github/secret-home';
import { githubAccess } from '@tenant-delivery/github/session';
import { HOUR } from '@tenant-delivery/rotation/access-key/policy';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import type { Secret } from '@tenant-delivery/rotation/secret';
import type { CredentialConsumer, RotationApp } from '@tenant-delivery/tenancy/credential-terms';
import type { Around } from './opening.ts';

/** The App that writes to GitHub, with its private key. */
export interface App {
  readonly app: RotationApp;
  readonly key: Secret;
}

/** Everybody who is given a credential, as the contract names them. */
export function consumersOf(
  agreed: readonly CredentialConsumer[],
  around: Around,
  by: App | undefined,
): Promise<readonly Consumer[]> {
  return Promise.all(agreed.map((each) => consumerOf(each, around, by)));
}

/** Each home in GitHub is asked with a token of its own, which may do what that home needs and no more. */
async function consumerOf(
  agreed: CredentialConsumer,
  { runner, given, session, masks }: Around,
  by: App | undefined,
): Promise<Consumer> {
  const { clock } = session;
  const cadence = agreed.cadenceHours * HOUR;
  if (agreed.kind === 'external')
    return externalConsumer(agreed.name, cadence, given.acknowledge, runner.context.triggeringActor);
  if (!by) throw new TypeError('a credential with consumers in GitHub was admitted without an App');
  const { repository, environment } = agreed;
  const home: SecretHome =
    environment === undefined
      ? { kind: 'repository', repository }
      : { kind: 'environment', repository, environment };
  const sessions: Sessions = {
    ask: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).ask,
    change: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).change,
  };
  const { token }: InstallationToken = await installationToken(
    { id: by.app.id, privateKey: by.key },
    { repositories: [repository], permissions: permissionsFor(home) },
    { sessions, clock, masker: masks },
  );
  const access = githubAccess(runner.context.apiUrl, token.reveal(), clock, runner.cancelled);
  const options = {
    home,
    repositories: [repository],
    probe: { repository, workflow: agreed.probe, ref: agreed.ref ?? 'main' },
    cadence,
  };
  return agreed.mode === 'slots'
    ? secretSlots(access, { ...options, name: agreed.name })
    : secretPair(access, {
        ...options,
        name: agreed.secretName,
        idName: agreed.idName,
        secretName: agreed.secretName,
      });
}
