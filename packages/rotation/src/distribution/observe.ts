import { CURRENT, type EscrowState, PENDING } from '../escrow.ts';
import type { Consumer, KeyPair } from '../ports.ts';
import { consumerProgress, type DeliveryProgress } from './progress.ts';
import type { ObservedConsumer, ObservedEscrow } from './snapshot.ts';

type Asking = Pick<DeliveryProgress, 'consumers'>;

/** `open`: how far the open generation is; `undefined` when none is. */
export async function observeConsumer(
  consumer: Consumer,
  open: Asking | undefined,
): Promise<ObservedConsumer> {
  const { id, switching, cadence } = consumer;
  return { ...(await consumer.observe(open ? questionsTo(id, open) : [])), id, switching, cadence };
}

/** The proofs whose answers nobody has written down yet. */
function questionsTo(id: string, progress: Asking): readonly string[] {
  const { asked, attested, probes } = consumerProgress(progress, id);
  return asked
    .filter(({ when, proof, place, mark }) =>
      when === 'disabled' ? !probes.has(proof) : attested?.place !== place || attested.mark !== mark,
    )
    .map(({ proof }) => proof);
}

/** The current version and those that `wanted` names, each read for the key in it. */
export async function observeEscrow(
  read: (version: string) => Promise<KeyPair | undefined>,
  described: EscrowState,
  wanted: (version: string) => boolean,
  fingerprint: (id: string) => string,
): Promise<ObservedEscrow> {
  if (described.kind !== 'usable') return described;
  const labelled = (stage: string) => described.versions.find(({ stages }) => stages.includes(stage))?.id;
  const current = labelled(CURRENT);
  const asked = described.versions.map(({ id }) => id).filter((id) => id === current || wanted(id));
  const versions = await Promise.all(
    asked.map(async (version) => {
      const pair = await read(version);
      return { version, key: pair && fingerprint(pair.id) };
    }),
  );
  return {
    kind: 'usable',
    current: versions.find(({ version }) => version === current),
    versions,
    pending: labelled(PENDING),
  };
}
