import { randomUUID } from 'node:crypto';
import { partitionOf } from '../world/partition.ts';
import type { Call } from '../world/service.ts';
import { type Stack, stackStore } from './state.ts';
import { invalid } from './template/refusals.ts';

/** A stack of which nothing is there yet. */
export function newStack({ world, account, region }: Call, name: string): Stack {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
    );
  const { partition } = partitionOf(region);
  const id = `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`;
  const stack: Stack = {
    id,
    name,
    created: Math.round(world.clock.now()),
    status: 'REVIEW_IN_PROGRESS',
    protected: false,
    resources: {},
    outputs: [],
    changeSets: {},
    events: [],
  };
  stackStore(world, account, region).stacks[id] = stack;
  return stack;
}
