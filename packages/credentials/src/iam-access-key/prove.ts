import { MINUTE } from '@tenant-delivery/domain';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Reason } from '@tenant-delivery/rotation/plan';
import type { Proved } from './facts.ts';
import type { IamAccessKeyWorld } from './observe.ts';
import { reason } from './reasons.ts';

const SUCCESSES = 3;
const APART = 5_000; // milliseconds between two successes
const PATIENCE = 3 * MINUTE; // IAM tells a new key to everybody within this time

/**
 * Reads the stored pair back and uses it until AWS has accepted it several times: this proves the stored copy, not the
 * one in memory.
 */
export async function proveStoredKey(
  world: IamAccessKeyWorld,
  version: string,
  time: { now(): number },
  sleep: (milliseconds: number) => Promise<void>,
): Promise<{ readonly note: Proved } | { readonly failed: Reason }> {
  const [pair, user, caller] = await Promise.all([
    world.escrow.read(version),
    world.keys.user(),
    world.caller.identity(),
  ]);
  if (!pair) return { failed: reason('ROTATION_ESCROW', `Escrow does not hold the version ${version}.`) };
  const key = fingerprintOf(caller.account, pair.id);
  const until = time.now() + PATIENCE;
  for (let successes = 0; ; ) {
    const said = await world.proof.identity(pair);
    if (said !== 'not-valid') {
      if (said.account !== caller.account || said.arn !== user?.arn)
        return { failed: reason('ROTATION_INTERFERED', `The key in escrow belongs to ${said.arn}.`) };
      successes += 1;
      if (successes === SUCCESSES)
        return { note: { kind: 'proved', version, key, arn: said.arn, successes } };
    } else {
      successes = 0;
      if (time.now() >= until)
        return { failed: reason('ROTATION_PROOF_FAILED', `AWS does not accept the stored key ${key}.`) };
    }
    await sleep(APART);
  }
}
