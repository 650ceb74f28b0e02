import type { GithubAppKeyWorld } from '@tenant-delivery/credentials/github-app-key/ports';
import type { GithubDeployKeyWorld } from '@tenant-delivery/credentials/github-deploy-key/ports';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Masker } from '@tenant-delivery/rotation/secret';
import {
  type CredentialClearance,
  requireCredentialClearance,
} from '@tenant-delivery/tenancy/credential-clearance';
import { secretWithoutSuffix } from '@tenant-delivery/tenancy/credential-subject';
import { awsCaller } from '../iam/key-proof.ts';
import { secretMetadata } from '../secrets/secret-metadata.ts';
import { githubAppKeyEscrow, sshKeyEscrow } from '../secrets/value-escrows.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import type { Session } from '../session/session.ts';

type Acting = Pick<Session, 'clientConfig' | 'clock'>;

/** An escrow secret's ARN without its random suffix; `undefined` if there is no such secret. Changes nothing. */
export async function escrowArnOf(session: Acting, secret: string): Promise<string | undefined> {
  const found = await secretMetadata(session.clientConfig('rotate'))(secret);
  return found && secretWithoutSuffix(found.arn);
}

/** The adapters that the rotation of a cleared deploy key needs. */
export function clearedGithubDeployKey(
  session: Acting,
  clearance: CredentialClearance<'github-deploy-key'>,
  masker: Masker,
): { readonly aws: Pick<GithubDeployKeyWorld, 'caller' | 'escrow'>; readonly time: ServerTime } {
  const { config, once, time } = configsOf(session, clearance);
  const settings = { secret: clearance.credential.escrow, masker };
  return { aws: { caller: awsCaller(config), escrow: sshKeyEscrow(config, once, settings) }, time };
}

/** The adapters that the rotation of an App's cleared key needs. */
export function clearedGithubAppKey(
  session: Acting,
  clearance: CredentialClearance<'github-app-key'>,
  masker: Masker,
): { readonly aws: Pick<GithubAppKeyWorld, 'caller' | 'escrow'>; readonly time: ServerTime } {
  const { config, once, time } = configsOf(session, clearance);
  const settings = { secret: clearance.credential.escrow, masker };
  return { aws: { caller: awsCaller(config), escrow: githubAppKeyEscrow(config, once, settings) }, time };
}

function configsOf(session: Acting, clearance: Parameters<typeof requireCredentialClearance>[0]) {
  requireCredentialClearance(clearance, session.clock.now());
  return hearingConfigs((attempts) => session.clientConfig('rotate', attempts), session.clock);
}
