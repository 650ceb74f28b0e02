import { CURRENT, type Escrow, PENDING } from '@tenant-delivery/rotation/escrow';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { describedVersions } from '@tenant-delivery/rotation/test/world/model-labels';
import type { ModelState, Pair } from '../iam-access-key/model-state.ts';
import type { Calls } from './model-consumer.ts';

/** The escrow secret as one process sees it. `born`: what makes a pair of what is stored. */
export function modelEscrow(
  state: ModelState,
  born: (pair: Pair) => KeyPair,
  { read, change }: Calls,
): Escrow {
  return {
    describe: () => read('DescribeSecret', () => describedVersions(state.versions)),
    read: (version) =>
      read('GetSecretValue', () => {
        const held = state.versions[version];
        return held && born(held.pair);
      }),
    put: (version, key) =>
      change('PutSecretValue', () => {
        const pair = { id: key.id, secret: key.secret.reveal() };
        const held = state.versions[version];
        if (held)
          return held.pair.secret === pair.secret ? undefined : { refused: 'ResourceExistsException' };
        for (const one of Object.values(state.versions)) one.stages = one.stages.filter((s) => s !== PENDING);
        // the first version of a secret is its current one, whatever was asked
        const first = Object.keys(state.versions).length === 0;
        state.versions[version] = { pair, stages: first ? [PENDING, CURRENT] : [PENDING] };
        return undefined;
      }),
    promote: (version, from) =>
      change('UpdateSecretVersionStage', () => {
        const holder = Object.entries(state.versions).find(([, { stages }]) => stages.includes(CURRENT));
        const to = state.versions[version];
        if (holder?.[0] !== from || !to) return { refused: 'InvalidParameterException' };
        if (holder) holder[1].stages = holder[1].stages.filter((stage) => stage !== CURRENT);
        to.stages.push(CURRENT);
        return undefined;
      }),
    settle: (version) =>
      change('UpdateSecretVersionStage', () => {
        const held = state.versions[version];
        if (held) held.stages = held.stages.filter((stage) => stage !== PENDING);
        return undefined;
      }),
  };
}
