import { type LintCredential, says } from '../lint.ts';
import { agreedVpnPsk } from './agreed.ts';
import { vpnPskMistakes } from './policy.ts';

export const lintVpnPsk: LintCredential<'vpn-psk'> = (credential, { apps }) => [
  ...says(
    !apps.includes(credential.escrow),
    `escrow: ${credential.escrow} has the private key of the App, which a rotation would write over`,
  ),
  ...vpnPskMistakes(agreedVpnPsk(credential)).map((mistake) => `policy: ${mistake}`),
];
