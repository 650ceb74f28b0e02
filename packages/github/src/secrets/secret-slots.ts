import { nameOf, placeOf } from '@tenant-delivery/credentials/secret-home';
import type { Consumer, ConsumerState } from '@tenant-delivery/rotation/ports';
import { slotProofs } from '../actions/slot-proofs.ts';
import { holdersOf } from '../actions/waiting-runs.ts';
import type { GithubClient } from '../session/github-client.ts';
import { actionsSecrets } from './actions-secrets.ts';
import { actionsVariables } from './actions-variables.ts';
import { withReasons } from './refused-reads.ts';
import {
  answered,
  deleteAll,
  markOf,
  missingProbe,
  NONE,
  type Part,
  pairOf,
  readAtOf,
  readersIn,
  SECRET,
  type SecretConsumerOptions,
  sharingNowOf,
  unreachable,
  writeAll,
} from './secret-consumer.ts';

const SLOTS = ['A', 'B'] as const;

/**
 * Two slots, each of two secrets or of one, and a variable that says which is read. The idle slot is written and proven
 * while the other is in use; one write of the variable then changes over.
 */
export function secretSlots(given: GithubClient, options: SecretConsumerOptions): Consumer {
  const { home, name, keeps = 'pair' } = options;
  const github = withReasons(given, home);
  const secrets = actionsSecrets(github, home);
  const variables = actionsVariables(github, home);
  const proofs = slotProofs(options.prover ?? github, options.probe);
  const pointer = `${name}_SLOT`;
  const partsOf = (slot: string): readonly Part[] =>
    keeps === 'value'
      ? [{ name: `${name}_${slot}`, of: SECRET }]
      : pairOf(`${name}_ID_${slot}`, `${name}_SECRET_${slot}`);
  const look = () => secrets.find(SLOTS.flatMap((slot) => partsOf(slot).map((part) => part.name)));
  const sharingNow = async () => sharingNowOf(home, await look());
  return {
    id: `github:${placeOf(home)}:${name}`,
    switching: 'staged',
    cadence: options.cadence,
    async observe(asked): Promise<ConsumerState> {
      const there = await secrets.reachable();
      if (there === 'absent') return unreachable(home);
      const [pointed, found, answers, isThere] = await Promise.all([
        variables.find(pointer),
        look(),
        proofs.answers(asked),
        proofs.isThere(),
      ]);
      const current = pointed === 'absent' ? undefined : pointed.value;
      const shown = pointed === 'absent' ? undefined : pointed.sharing;
      const readers = await readersIn(github, options, found, shown);
      return {
        obstacles: [
          ...(isThere ? [] : [missingProbe(options.probe)]),
          ...readers.obstacles,
          ...(current === undefined || isSlot(current)
            ? []
            : [
                `The variable ${pointer} of ${nameOf(home)} names no slot. Set it to the slot in use, A or B.`,
              ]),
        ],
        current,
        idle: current === 'A' ? 'B' : 'A',
        written: Object.fromEntries(
          SLOTS.flatMap((slot, index) => {
            const half = found.length / SLOTS.length;
            return markOf(slot, found.slice(half * index, half * (index + 1)));
          }),
        ),
        proofs: answers,
        holders:
          pointed === 'absent'
            ? NONE
            : await holdersOf(github, readers.repositories, pointed.updatedAt, readAtOf(home)),
      };
    },
    async stage(slot, key) {
      if (!isSlot(slot)) return { refused: `${slot} is no slot of ${name}` };
      return writeAll(secrets, partsOf(slot), key, await sharingNow());
    },
    askProof: async (slot, proof) => answered(await proofs.ask(slot, proof), options.probe.workflow, home),
    async point(slot) {
      if (!isSlot(slot)) return { refused: `${slot} is no slot of ${name}` };
      const now = await variables.find(pointer);
      if (now !== 'absent' && now.value === slot) return 'done';
      const sharing = await sharingNow();
      if (sharing === 'unsaid') return { refused: `nobody has said who may see ${pointer}` };
      return answered(await variables.set(pointer, slot, sharing), pointer, home);
    },
    async blank(slot) {
      return deleteAll(secrets, partsOf(slot), home);
    },
  };
}

function isSlot(text: string): text is (typeof SLOTS)[number] {
  return SLOTS.some((slot) => slot === text);
}
