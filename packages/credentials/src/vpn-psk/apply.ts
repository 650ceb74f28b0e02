import { randomBytes } from 'node:crypto';
import { endingOf } from '@tenant-delivery/rotation/ending';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Ending } from '@tenant-delivery/rotation/journal-entry';
import type { Answer } from '@tenant-delivery/rotation/ports';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import type { Install, Step } from './facts.ts';
import type { VpnPskWorld } from './observe.ts';
import type { VpnConnection } from './ports.ts';
import { drawPsk } from './psk.ts';

const MOST_PUTS = 3;

/** Takes one step. `masker` hides keys from the moment that they are drawn. */
export async function applyVpnPskStep(world: VpnPskWorld, step: Step, masker: Masker): Promise<Ending> {
  switch (step.do) {
    case 'escrow':
      return endingOf(await draw(world, step.version, masker));
    case 'install':
      return endingOf(await install(world, step));
    case 'promote':
      return endingOf(await world.escrow.promote(step.version, step.from ?? undefined));
    case 'settle':
      return endingOf(await world.escrow.settle(step.version));
    case 'forget':
      return endingOf(await world.escrow.forget(step.version));
  }
}

/** The keys are in memory only until escrow has them. If escrow does not take them, nobody else has them. */
async function draw(world: VpnPskWorld, version: string, masker: Masker): Promise<Answer> {
  const [{ account }, connection] = await Promise.all([world.caller.identity(), world.tunnels.look()]);
  if (!connection) return { refused: 'there is no such VPN connection' };
  const keys = Object.fromEntries(
    connection.tunnels.map(({ outside }) => {
      const psk = drawPsk(randomBytes);
      return [outside, Secret.born(psk, fingerprintOf(account, psk), masker)];
    }),
  );
  let put: Answer = 'unknown';
  for (let puts = 0; puts < MOST_PUTS && put === 'unknown'; puts += 1)
    put = await world.escrow.put(version, keys).catch((): Answer => 'unknown');
  return put;
}

/** Reads the key from escrow and looks at the tunnels once more, just before the call is sent. */
async function install(world: VpnPskWorld, step: Install): Promise<Answer> {
  const held = await world.escrow.read(step.version);
  const key = held?.keys?.[step.tunnel];
  if (!key) return { refused: `escrow's version ${step.version} holds no key for ${step.tunnel}` };
  const connection = await world.tunnels.look();
  const against = connection ? whyNot(connection, step) : 'there is no such VPN connection';
  return against === undefined ? world.tunnels.install(step.tunnel, key) : { refused: against };
}

function whyNot({ state, tunnels }: VpnConnection, { tunnel, why }: Install): string | undefined {
  if (state !== 'available') return `the connection is ${state}`;
  const mine = tunnels.find(({ outside }) => outside === tunnel);
  const other = tunnels.find(({ outside }) => outside !== tunnel);
  if (!mine || !other) return `there is no tunnel ${tunnel} beside another one`;
  if (why !== 'back') return other.up ? undefined : `the tunnel ${other.outside} is down`;
  return mine.up ? `the tunnel ${tunnel} came up meanwhile` : undefined;
}
