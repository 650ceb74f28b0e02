import { testSchedules } from '@tenant-delivery/rotation/test/schedule-tests';
import { VPN_PSK } from './stories.ts';

testSchedules('never both tunnels down by us, no key that is not in escrow, and an end', VPN_PSK, {
  oneOf: [13, 13],
  controls: (index, depth) => index < (depth === 0 ? 40 : 4),
});
