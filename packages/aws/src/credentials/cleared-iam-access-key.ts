import type { IamAccessKeyWorld } from '@tenant-delivery/credentials/iam-access-key/observe';
import {
  type Acknowledgement,
  systemSecret,
} from '@tenant-delivery/credentials/iam-access-key/system-secret';
import type { RotationApp } from '@tenant-delivery/credentials/kinds';
import type { Consumer, ServerTime } from '@tenant-delivery/rotation/ports';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import {
  type CredentialClearance,
  requireCredentialClearance,
} from '@tenant-delivery/tenancy/credential-clearance';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { iamAccessKeys } from '../iam/access-keys.ts';
import { consumerSecret, secretReads } from '../secrets/consumer-secret.ts';
import type { Session } from '../session/session.ts';
import { appKey } from './app-key.ts';
import { iamAccessKeyPorts } from './iam-access-key-world.ts';

type Acting = Pick<Session, 'clientConfig' | 'clock'>;

const configOf = (session: Acting) => (attempts?: number) => session.clientConfig('rotate', attempts);

/** The ARN of a user that is given with its path; `undefined` if there is no such user. Changes nothing. */
export async function userArnOf(
  session: Acting,
  { account }: Environment,
  user: string,
  masker: Masker,
): Promise<string | undefined> {
  const config = configOf(session)();
  return (await iamAccessKeys(config, config, { account, user: nameOf(user), masker }).user())?.arn;
}

/** The adapters that the rotation of a cleared access key needs, under the names in the contract. */
export function clearedIamAccessKey(
  session: Acting,
  clearance: CredentialClearance<'iam-access-key'>,
  masker: Masker,
): { readonly keys: Omit<IamAccessKeyWorld, 'consumers'>; readonly time: ServerTime } {
  requireCredentialClearance(clearance, session.clock.now());
  const { place, credential } = clearance;
  const names = { account: place.account, user: nameOf(credential.user), escrow: credential.escrow };
  return iamAccessKeyPorts(configOf(session), session.clock, names, masker);
}

/** A secret that a system reads, and the role or the people who show that the system has read it. */
export function systemSecretOf(
  session: Acting,
  { account }: Environment,
  given: {
    readonly secret: string;
    readonly reader?: string | undefined;
    readonly cadence: number;
    readonly shown: Acknowledgement;
  },
  masker: Masker,
): Consumer {
  const { secret, reader, cadence, shown } = given;
  const [config, once] = [configOf(session)(), configOf(session)(1)];
  return systemSecret({
    name: secret,
    account,
    cadence,
    secret: consumerSecret(config, once, { account, secret, masker }),
    shownBy: reader === undefined ? shown : secretReads(config, secret, reader),
  });
}

/** The private key of the App that writes to GitHub. */
export function appKeyOf(session: Acting, app: RotationApp, masker: Masker): Promise<Secret> {
  return appKey(configOf(session)(), app, masker);
}

function nameOf(user: string): string {
  return user.slice(user.lastIndexOf('/') + 1);
}
