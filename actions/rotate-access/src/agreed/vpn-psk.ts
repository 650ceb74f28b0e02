import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import { clearedVpn, vpnArnOf } from '@tenant-delivery/aws/cleared-vpn';
import { rotatableVpnPsk } from '@tenant-delivery/rotation/vpn-psk/kind';
import { frozenUntil } from '@tenant-delivery/tenancy/credential-times';
import { agreedVpnPsk } from '@tenant-delivery/tenancy/vpn-psk-times';
import { acknowledgementsIn } from '../acknowledgements.ts';
import type { CredentialOpening } from './opening.ts';

export const opening: CredentialOpening<'vpn-psk'> = {
  subject: ({ vpn }, { session, place }) => vpnArnOf(session, place, vpn),
  open: async (clearance, { session, masks, given, runner, process, frame, environment }) => {
    const approval = environment.approval.environment;
    // a word that is wrong takes a tunnel down: it is given before reviewers of both sides
    if (given.acknowledge !== undefined && frame.claims.environment !== approval)
      throw inputsInvalid([
        `acknowledge is given without an approval: give it to a job of the GitHub environment ${approval}`,
      ]);
    const { credential } = clearance;
    const { world, time } = clearedVpn(session, clearance, masks);
    const by = runner.context.triggeringActor;
    const acknowledged = acknowledgementsIn(given.acknowledge).map(({ name, fingerprint }) => ({
      tunnel: name,
      key: fingerprint,
      by,
    }));
    const policy = {
      ...agreedVpnPsk(credential),
      wish: given.wish,
      bootstrap: given.bootstrap === 'yes',
      giveUp: given.resolve,
      closedUntil: frozenUntil(credential, session.clock.now()),
    };
    const run = { masker: masks, process };
    return { rotatable: rotatableVpnPsk(credential.id, { ...world, acknowledged }, policy, run), time };
  },
};
