import { vpnPskMistakes } from '@tenant-delivery/rotation/vpn-psk/policy';
import { agreedVpnPsk } from '../vpn-psk-times.ts';
import { type LintCredential, says } from './around.ts';

export const lintVpnPsk: LintCredential<'vpn-psk'> = (credential, { apps }) => [
  ...says(
    !apps.includes(credential.escrow),
    `escrow: ${credential.escrow} has the private key of the App, which a rotation would write over`,
  ),
  ...vpnPskMistakes(agreedVpnPsk(credential)).map((mistake) => `policy: ${mistake}`),
];
