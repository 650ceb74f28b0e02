import { randomUUID } from 'node:crypto';
import { partitionOf } from '../world/partition.ts';
import { withinQuota } from '../world/quotas.ts';
import type { Call } from '../world/service.ts';
import { type Stack, stackStore } from './state.ts';
import { invalid } from './template/refusals.ts';

/** A stack of which nothing is there yet. */
export function newStack(call: Call, name: string): Stack {
  const { world, account, region } = call;
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
    );
  const { stacks } = stackStore(world, account, region);
  withinQuota(
    call,
    'stacks',
    Object.values(stacks).filter(({ status }) => status !== 'DELETE_COMPLETE').length,
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
  stacks[id] = stack;
  return stack;
}
