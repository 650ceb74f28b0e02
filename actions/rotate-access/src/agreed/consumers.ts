import { systemSecretOf } from '@tenant-delivery/aws/cleared-access-key';
import { installationToken, type Sessions, type TokenWish } from '@tenant-delivery/github/app-token';
import { secretPair, secretSlots } from '@tenant-delivery/github/secret-consumer';
import { PROVING, permissionsFor } from '@tenant-delivery/github/secret-home';
import { githubAccess } from '@tenant-delivery/github/session';
import { HOUR } from '@tenant-delivery/rotation/access-key/policy';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import type { Secret } from '@tenant-delivery/rotation/secret';
import { acknowledging, type CredentialConsumer } from '@tenant-delivery/tenancy/credential-kinds/consumers';
import type { RotationApp } from '@tenant-delivery/tenancy/credential-terms';
import { acknowledgedBy } from '../acknowledgements.ts';
import { homeOf } from './home.ts';
import type { Around } from './opening.ts';

/** The App that writes to GitHub, with its private key. */
export interface App {
  readonly app: RotationApp;
  readonly key: Secret;
}

type Said = ReturnType<typeof acknowledgedBy>;

/** Everybody who is given a credential, as the contract names them. */
export function consumersOf(
  agreed: readonly CredentialConsumer[],
  around: Around,
  by: App | undefined,
): Promise<readonly Consumer[]> {
  const said = acknowledgedBy(
    around.given.acknowledge,
    agreed.flatMap((each) => acknowledging(each) ?? []),
  );
  return Promise.all(agreed.map((each) => consumerOf(each, around, by, said)));
}

async function consumerOf(
  agreed: CredentialConsumer,
  around: Around,
  by: App | undefined,
  said: Said,
): Promise<Consumer> {
  const cadence = agreed.cadenceHours * HOUR;
  const person = around.runner.context.triggeringActor;
  if (agreed.kind === 'external') return externalConsumer(agreed.name, cadence, said(agreed.name), person);
  if (agreed.kind === 'secrets-manager') {
    const { session, place, masks } = around;
    const shown = { fingerprint: said(agreed.secret), by: person };
    return systemSecretOf(session, place, { ...agreed, cadence, shown }, masks);
  }
  if (!by) throw new TypeError('a credential with consumers in GitHub was admitted without an App');
  return inGithub(agreed, cadence, around, by);
}

/** Each home in GitHub is asked with a token of its own, which may do what that home needs and no more. */
async function inGithub(
  agreed: CredentialConsumer & { readonly kind: 'github' },
  cadence: number,
  { runner, session, masks }: Around,
  by: App,
): Promise<Consumer> {
  const { clock } = session;
  const { repository } = agreed;
  const sessions: Sessions = {
    ask: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).ask,
    change: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).change,
  };
  const accessFor = async (wish: TokenWish) => {
    const app = { id: by.app.id, privateKey: by.key };
    const { token } = await installationToken(app, wish, { sessions, clock, masker: masks });
    return githubAccess(runner.context.apiUrl, token.reveal(), clock, runner.cancelled);
  };
  const home = homeOf(agreed);
  const here = { repositories: [repository] };
  const everywhere = home.kind === 'organisation' && { repositories: [], organisation: home.organisation };
  const [access, prover] = await Promise.all([
    accessFor({ ...(everywhere || here), permissions: permissionsFor(home) }),
    everywhere && accessFor({ ...here, permissions: PROVING }),
  ]);
  const options = {
    home,
    repositories: [repository],
    probe: { repository, workflow: agreed.probe, ref: agreed.ref ?? 'main' },
    cadence,
    ...(prover && { prover }),
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
