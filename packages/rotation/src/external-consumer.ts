import type { Consumer } from './ports.ts';

const PLACE = 'escrow';

/**
 * People whose systems we cannot reach take the key from escrow, install it, and say so by naming its fingerprint.
 * `acknowledged` is what was said with this run, and `by` who said it; what is attested stays in the journal.
 */
export function externalConsumer(
  name: string,
  cadence: number,
  acknowledged: string | undefined,
  by: string,
): Consumer {
  return {
    id: `external:${name}`,
    switching: 'acknowledged',
    cadence,
    observe: async (proofs) => ({
      obstacles: [],
      current: undefined,
      idle: PLACE,
      written: { [PLACE]: PLACE },
      proofs: Object.fromEntries(
        proofs.map((proof) => [
          proof,
          acknowledged === undefined
            ? ({ kind: 'pending' } as const)
            : ({ kind: 'used', fingerprint: acknowledged, by } as const),
        ]),
      ),
      holders: { count: 0, examples: [] },
    }),
    stage: async () => 'done', // escrow has it
    askProof: async () => 'done', // the report asks
    point: async () => 'done',
    blank: async () => 'done',
  };
}
