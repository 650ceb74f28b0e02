import { systemSecretOf } from '@tenant-delivery/aws/credentials/cleared-iam-access-key';
import { acknowledging, type CredentialConsumer } from '@tenant-delivery/credentials/consumers';
import { homeOf } from '@tenant-delivery/credentials/secret-home';
import { HOUR } from '@tenant-delivery/domain';
import type { SecretConsumerOptions } from '@tenant-delivery/github/secrets/secret-consumer';
import { PROVING, permissionsFor } from '@tenant-delivery/github/secrets/secret-home';
import { secretPair } from '@tenant-delivery/github/secrets/secret-pair';
import { secretSlots } from '@tenant-delivery/github/secrets/secret-slots';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import { acknowledgedBy } from '../acknowledgements.ts';
import { type App, clientAs } from './github-clients.ts';
import type { Around } from './opening.ts';

type Said = ReturnType<typeof acknowledgedBy>;

/** Everybody who is given a credential, as the contract names them. */
export function consumersOf(
  agreed: readonly CredentialConsumer[],
  around: Around,
  by: App | undefined,
  keeps: SecretConsumerOptions['keeps'] = 'pair',
): Promise<readonly Consumer[]> {
  const said = acknowledgedBy(
    around.given.acknowledge,
    agreed.flatMap((each) => acknowledging(each) ?? []),
  );
  return Promise.all(agreed.map((each) => consumerOf(each, around, by, said, keeps)));
}

async function consumerOf(
  agreed: CredentialConsumer,
  around: Around,
  by: App | undefined,
  said: Said,
  keeps: NonNullable<SecretConsumerOptions['keeps']>,
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
  return inGithub(agreed, { cadence, keeps }, around, by);
}

/** Each home in GitHub is asked with a token of its own, which may do what that home needs and no more. */
async function inGithub(
  agreed: CredentialConsumer & { readonly kind: 'github' },
  how: Required<Pick<SecretConsumerOptions, 'cadence' | 'keeps'>>,
  around: Around,
  by: App,
): Promise<Consumer> {
  const { repository } = agreed;
  const home = homeOf(agreed);
  const here = { repositories: [repository] };
  const everywhere = home.kind === 'organisation' && { repositories: [], organisation: home.organisation };
  const [github, prover] = await Promise.all([
    clientAs(by, { ...(everywhere || here), permissions: permissionsFor(home) }, around),
    everywhere && clientAs(by, { ...here, permissions: PROVING }, around),
  ]);
  const options = {
    home,
    repositories: [repository],
    probe: { repository, workflow: agreed.probe, ref: agreed.ref ?? 'main' },
    ...how,
    ...(prover && { prover }),
  };
  return agreed.mode === 'slots'
    ? secretSlots(github, { ...options, name: agreed.name })
    : secretPair(github, {
        ...options,
        name: agreed.secretName,
        idName: agreed.idName,
        secretName: agreed.secretName,
      });
}
