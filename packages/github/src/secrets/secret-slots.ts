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
  const { home, name } = options;
  const slots = slotsIn(withReasons(given, home), options);
  const { secrets, variables, proofs, pointer, partsOf, look } = slots;
  const sharingNow = async () => sharingNowOf(home, await look());
  return {
    id: `github:${placeOf(home)}:${name}`,
    switching: 'staged',
    cadence: options.cadence,
    observe: async (asked) =>
      (await secrets.reachable()) === 'absent' ? unreachable(home) : observe(slots, asked),
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

type Slots = ReturnType<typeof slotsIn>;

/** Where the slots are, and what is asked there. */
function slotsIn(github: GithubClient, options: SecretConsumerOptions) {
  const { home, name, keeps = 'pair' } = options;
  const secrets = actionsSecrets(github, home);
  const partsOf = (slot: string): readonly Part[] =>
    keeps === 'value'
      ? [{ name: `${name}_${slot}`, of: SECRET }]
      : pairOf(`${name}_ID_${slot}`, `${name}_SECRET_${slot}`);
  return {
    github,
    options,
    secrets,
    variables: actionsVariables(github, home),
    proofs: slotProofs(options.prover ?? github, options.probe),
    /** The variable that says which slot is read. */
    pointer: `${name}_SLOT`,
    partsOf,
    look: () => secrets.find(SLOTS.flatMap((slot) => partsOf(slot).map((part) => part.name))),
  };
}

async function observe(slots: Slots, asked: readonly string[]): Promise<ConsumerState> {
  const { github, options, variables, proofs, pointer, look } = slots;
  const { home, probe } = options;
  const [pointed, found, answers, isThere] = await Promise.all([
    variables.find(pointer),
    look(),
    proofs.answers(asked),
    proofs.isThere(),
  ]);
  const { value: current, sharing } = pointed === 'absent' ? {} : pointed;
  const readers = await readersIn(github, options, found, sharing);
  const half = found.length / SLOTS.length;
  return {
    obstacles: [
      ...(isThere ? [] : [missingProbe(probe)]),
      ...readers.obstacles,
      ...(current === undefined || isSlot(current)
        ? []
        : [`The variable ${pointer} of ${nameOf(home)} names no slot. Set it to the slot in use, A or B.`]),
    ],
    current,
    idle: current === 'A' ? 'B' : 'A',
    written: Object.fromEntries(
      SLOTS.flatMap((slot, index) => markOf(slot, found.slice(half * index, half * (index + 1)))),
    ),
    proofs: answers,
    holders:
      pointed === 'absent'
        ? NONE
        : await holdersOf(github, readers.repositories, pointed.updatedAt, readAtOf(home)),
  };
}

function isSlot(text: string): text is (typeof SLOTS)[number] {
  return SLOTS.some((slot) => slot === text);
}
