import type { World } from '../../world/world.ts';
import { makingOf } from '../making.ts';
import type { Making, Properties, ResourceType, Settling } from '../resource-type.ts';
import type { Stack, StackResource } from '../state.ts';
import type { Template } from '../template/template.ts';
import { resourceTypes } from '../types/index.ts';
import type { Operation } from './operation.ts';

/** One operation on one stack, with what its steps need. */
export interface Work {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly stack: Stack;
  readonly operation: Operation;
  /** The template that is wanted. */
  readonly template: Template;
}

/** A step that did not come to its end. What the resource says of it is in the message. */
export class StepFailed extends Error {}

const POLL = 2_000; // virtual milliseconds between two looks at something that settles
const PATIENCE = 3 * 3_600_000; // virtual milliseconds: what ECS services are given ("AWS::ECS::Service")

export function typeOf(type: string): ResourceType {
  const found = resourceTypes.get(type);
  if (!found) throw new Error(`local-aws has no type ${type}`);
  return found;
}

export function makingFor(
  { world, account, region, stack, operation }: Work,
  { logicalId, token }: Pick<StackResource, 'logicalId' | 'token'>,
  properties: Properties,
): Making {
  const { principal } = operation;
  return makingOf({ world, account, region, principal }, { stack, logicalId, properties, token });
}

/** Waits for what takes time, until it is there, has failed, or the operation stops. */
export async function settled(work: Work, look: () => Settling): Promise<void> {
  const { world, operation } = work;
  const until = world.clock.now() + PATIENCE;
  do {
    await new Promise<void>((resolve) => void world.clock.after(POLL, resolve));
    const found = look();
    if (found === true) return;
    if (found !== 'in progress') throw new StepFailed(found.failed);
    if (operation.stopping) throw new StepFailed('Resource operation cancelled');
  } while (world.clock.now() < until);
  throw new StepFailed('Exceeded attempts to wait');
}
