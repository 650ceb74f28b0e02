import type { Sent, StackExecutor } from '@tenant-delivery/provisioning/ports';
import type { ApplyWorld } from '../ports.ts';

const LOOKS = 6; // at what became of a request whose answer was lost
const PAUSE = 5_000; // milliseconds between two of them

/** Sends a request until CloudFormation has it; its token makes several one. Answers why it was refused. */
export async function sendOnce(
  { clock }: Pick<ApplyWorld, 'clock'>,
  stacks: Pick<StackExecutor, 'events'>,
  { id, token }: { readonly id: string; readonly token: string },
  send: () => Promise<Sent>,
): Promise<string | undefined> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const sent = await send();
    if (sent === 'done') return undefined;
    if ((await stacks.events(id, token)).length > 0) return undefined; // an earlier request took effect
    if (sent !== 'unknown') return sent.refused;
    await clock.sleep(PAUSE);
  }
  return 'no answer of CloudFormation came back';
}
