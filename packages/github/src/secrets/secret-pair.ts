import { placeOf } from '@tenant-delivery/credentials/secret-home';
import type { Consumer, ConsumerState } from '@tenant-delivery/rotation/ports';
import { slotProofs } from '../actions/slot-proofs.ts';
import { holdersOf } from '../actions/waiting-runs.ts';
import type { GithubClient } from '../session/github-client.ts';
import { actionsSecrets } from './actions-secrets.ts';
import { withReasons } from './refused-reads.ts';
import {
  answered,
  markOf,
  missingProbe,
  NONE,
  pairOf,
  readAtOf,
  readersIn,
  type SecretConsumerOptions,
  sharingNowOf,
  unreachable,
  writeAll,
} from './secret-consumer.ts';

const PAIR = 'pair';

/**
 * Two secrets of fixed names, written one after the other over what is in use: runs that read between the two writes
 * get halves of two keys. The report says so; slots have no such moment.
 */
export function secretPair(
  given: GithubClient,
  options: SecretConsumerOptions & { readonly idName: string; readonly secretName: string },
): Consumer {
  const { home, idName, secretName } = options;
  const github = withReasons(given, home);
  const secrets = actionsSecrets(github, home);
  const proofs = slotProofs(options.prover ?? github, options.probe);
  const look = () => secrets.find([idName, secretName]);
  return {
    id: `github:${placeOf(home)}:${secretName}`,
    switching: 'in-place',
    cadence: options.cadence,
    async observe(asked): Promise<ConsumerState> {
      const there = await secrets.reachable();
      if (there === 'absent') return { ...unreachable(home), idle: PAIR };
      const [found, answers, isThere] = await Promise.all([look(), proofs.answers(asked), proofs.isThere()]);
      const moments = found.flatMap((half) => (half === 'absent' ? [] : [half.updatedAt])).sort();
      const last = moments.at(-1);
      const readers = await readersIn(github, options, found);
      return {
        obstacles: [...(isThere ? [] : [missingProbe(options.probe)]), ...readers.obstacles],
        current: moments.length === 2 ? PAIR : undefined,
        idle: PAIR,
        written: Object.fromEntries(markOf(PAIR, found)),
        proofs: answers,
        holders:
          last === undefined ? NONE : await holdersOf(github, readers.repositories, last, readAtOf(home)),
      };
    },
    async stage(_, key) {
      const sharing = sharingNowOf(home, await look());
      return writeAll(secrets, pairOf(idName, secretName), key, sharing);
    },
    askProof: async (place, proof) => answered(await proofs.ask(place, proof), options.probe.workflow, home),
    point: async () => 'done', // writing it was the cut-over
    blank: async () => ({ refused: `${idName} and ${secretName} are in use` }),
  };
}
