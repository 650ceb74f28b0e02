import { type Around, says } from '../lint.ts';
import { agreedVpnPsk } from './agreed.ts';
import { vpnPskMistakes } from './policy.ts';
import type { VpnPsk } from './terms.ts';

export function lintVpnPsk(credential: VpnPsk, { apps }: Around): readonly string[] {
  return [
    ...says(
      !apps.includes(credential.escrow),
      `escrow: ${credential.escrow} has the private key of the App, which a rotation would write over`,
    ),
    ...vpnPskMistakes(agreedVpnPsk(credential)).map((mistake) => `policy: ${mistake}`),
  ];
}
