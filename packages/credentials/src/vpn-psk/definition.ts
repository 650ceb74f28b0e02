import { credentialKind } from '../credential-kind.ts';
import { lintVpnPsk } from './lint.ts';
import { VpnPsk } from './terms.ts';

export const vpnPsk = credentialKind({
  terms: VpnPsk,
  role: 'rotate-vpn',
  changes: 'the VPN connection',
  resource: ({ vpn }) => ({ service: 'ec2', resource: `vpn-connection/${vpn}` }),
  owns: ({ vpn, escrow }) => [
    { what: 'VPN connection', name: vpn },
    { what: 'secret', name: escrow },
  ],
  needsApp: () => false,
  lint: lintVpnPsk,
  report: {
    mostDays: 365,
    agedByJournal: true,
    subject: ({ vpn }) => `pre-shared keys of ${vpn}`,
    users: ({ vpn }) => [`both ends of ${vpn}`],
    load: () => import('./report.ts'),
  },
});
