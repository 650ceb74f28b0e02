import { clearedVpnPsk, vpnArnOf } from '@tenant-delivery/aws/credentials/cleared-vpn-psk';
import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import { agreedVpnPsk } from '@tenant-delivery/credentials/vpn-psk/agreed';
import { rotatableVpnPsk } from '@tenant-delivery/credentials/vpn-psk/kind';
import { acknowledgementsIn } from '../acknowledgements.ts';
import type { CredentialOpening } from './opening.ts';

export const opening: CredentialOpening<'vpn-psk'> = {
  subject: ({ vpn }, { session, place }) => vpnArnOf(session, place, vpn),
  open: async (clearance, { session, masks, given, runner, process }) => {
    const { credential } = clearance;
    const { world, time } = clearedVpnPsk(session, clearance, masks);
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
