import { endingOf } from '../ending.ts';
import type { Ending } from '../journal-entry.ts';
import type { Answer, Consumer, KeyPair } from '../ports.ts';
import type { DeliveryStep } from './facts.ts';

/** Where a key comes from, and where it goes. */
export interface DeliveryWorld {
  readonly escrow: {
    read(version: string): Promise<KeyPair | undefined>;
    promote(version: string, from: string | undefined): Promise<Answer>;
    settle(version: string): Promise<Answer>;
  };
  readonly consumers: readonly Consumer[];
}

export async function applyDeliveryStep(world: DeliveryWorld, step: DeliveryStep): Promise<Ending> {
  switch (step.do) {
    case 'stage': {
      const pair = await world.escrow.read(step.version);
      if (!pair) return { answer: 'refused', said: `escrow does not hold version ${step.version}` };
      return endingOf(await consumerOf(world, step.consumer).stage(step.place, pair));
    }
    case 'ask-proof':
      return endingOf(await consumerOf(world, step.consumer).askProof(step.place, step.proof));
    case 'point':
      return endingOf(await consumerOf(world, step.consumer).point(step.place));
    case 'blank':
      return endingOf(await consumerOf(world, step.consumer).blank(step.place));
    case 'promote':
      return endingOf(await world.escrow.promote(step.version, step.from ?? undefined));
    case 'settle':
      return endingOf(await world.escrow.settle(step.version));
  }
}

function consumerOf({ consumers }: DeliveryWorld, id: string): Consumer {
  const consumer = consumers.find((one) => one.id === id);
  if (!consumer) throw new TypeError(`there is no consumer ${id}`);
  return consumer;
}
