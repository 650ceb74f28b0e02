import type { World } from '../../world/world.ts';
import { stackPlaces } from '../places.ts';
import { type Stack, stackStore } from '../state.ts';
import { parseTemplate } from '../template/parse.ts';
import type { Template } from '../template/template.ts';
import { end, enterStatus, following } from './finish.ts';
import { isPhase, type Operation, type Phase, type Step } from './operation.ts';
import { isKept, refusedRemovals, stepsOf } from './phases.ts';
import { removeResource } from './remove.ts';
import { restoreResource } from './restore.ts';
import { settleResource } from './settle.ts';
import { StepFailed, type Work } from './work.ts';

/** Which stack. */
export interface StackPlace {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

/** Brings stacks to what is wanted of them, several steps at a time, on the world's clock. */
export interface StackEngine {
  /** Begins an operation. */
  begin(at: StackPlace, operation: Operation): void;
  /** Goes on with what a restart broke off. */
  resume(at: StackPlace): void;
  /** Begins a phase again, such as a rollback that failed. */
  retry(at: StackPlace, phase: Phase): void;
  /** Breaks an update off: nothing new begins, and it is rolled back. */
  cancel(at: StackPlace): void;
}

const NOTHING: Template = { parameters: {}, resources: {}, outputs: {} };

const engines = new WeakMap<World, StackEngine>();

export function stackEngineOf(world: World): StackEngine {
  const known = engines.get(world);
  if (known) return known;
  const engine = startEngine(world);
  engines.set(world, engine);
  return engine;
}

/** After a start with saved state: steps that were running begin again. */
export function resumeCloudFormation(world: World): void {
  for (const { account, region } of stackPlaces(world))
    for (const { id, operation } of Object.values(stackStore(world, account, region).stacks)) {
      if (!operation) continue;
      for (const step of operation.steps) if (step.state === 'running') step.state = 'waiting';
      stackEngineOf(world).resume({ account, region, id });
    }
}

function startEngine(world: World): StackEngine {
  let closed = false;
  world.onClose(() => {
    closed = true;
  });

  const workOf = (at: StackPlace): Work | undefined => {
    const stack: Stack | undefined = stackStore(world, at.account, at.region).stacks[at.id];
    const { operation } = stack ?? {};
    if (closed || !stack || !operation) return undefined;
    const { account, region } = at;
    const template = operation.kind === 'delete' ? NOTHING : parseTemplate(operation.wanted.template);
    return { world, account, region, stack, operation, template };
  };

  const enter = (at: StackPlace, phase: Phase, failed: readonly string[] = []): void => {
    const work = workOf(at);
    if (!work) return;
    const { operation } = work;
    operation.phase = phase;
    operation.stopping = false;
    if (phase === 'undo') operation.leftovers = []; // what was replaced is wanted again
    operation.steps = stepsOf(work, phase);
    enterStatus(work, phase, failed);
    const refused = phase === 'settle' ? refusedRemovals(work) : [];
    if (refused.length === 0) advance(at);
    else
      finish(
        at,
        refused.map(({ logicalId }) => logicalId),
      );
  };

  /** Begins every step that can begin; once none runs and none can begin, the phase is over. */
  const advance = (at: StackPlace): void => {
    const work = workOf(at);
    if (!work) return;
    const { steps, stopping } = work.operation;
    const done = new Set(steps.filter(({ state }) => state === 'done').map(({ id }) => id));
    const ready = steps.filter(
      ({ state, after }) => state === 'waiting' && after.every((id) => done.has(id)),
    );
    if (!stopping) for (const step of ready) begin(at, work, step);
    if (steps.some(({ state }) => state === 'running')) return;
    finish(
      at,
      steps.filter(({ state }) => state === 'failed').map(({ logicalId }) => logicalId),
    );
  };

  const begin = (at: StackPlace, work: Work, step: Step): void => {
    step.state = 'running';
    world.touched();
    const ended = (state: 'done' | 'failed') => {
      if (closed) return;
      step.state = state;
      if (state === 'failed' && /^(settle|undo)$/.test(work.operation.phase)) work.operation.stopping = true;
      advance(at);
    };
    perform(work, step).then(
      () => ended('done'),
      (thrown: unknown) => {
        if (!(thrown instanceof StepFailed)) work.stack.reason = `local-aws failed: ${thrown}`;
        ended('failed');
      },
    );
  };

  const finish = (at: StackPlace, failed: readonly string[]): void => {
    const work = workOf(at);
    if (!work) return;
    const next = following(work, failed.length > 0 || work.operation.stopping);
    if (isPhase(next)) enter(at, next, failed);
    else end(work, next, failed);
  };

  return {
    begin: (at, operation) => {
      const stack = stackStore(world, at.account, at.region).stacks[at.id];
      if (!stack) throw new Error(`there is no stack ${at.id}`);
      const known = stackPlaces(world);
      const { account, region } = at;
      if (!known.some((one) => one.account === account && one.region === region))
        known.push({ account, region });
      stack.operation = operation;
      if (operation.kind !== 'delete') stack.applied = operation.wanted;
      enter(at, operation.phase);
    },
    resume: advance,
    retry: enter,
    cancel: (at) => {
      const work = workOf(at);
      if (!work) return;
      work.operation.stopping = true;
      advance(at);
    },
  };
}

async function perform(work: Work, step: Step): Promise<void> {
  const { stack, operation } = work;
  const { logicalId } = step;
  await new Promise<void>((resolve) => void work.world.clock.after(0, resolve)); // one at a time begins
  if (step.does === 'settle') return settleResource(work, logicalId);
  if (step.does === 'remove-leftover') {
    const leftover = operation.leftovers[Number(step.id)];
    if (!leftover) throw new Error(`there is nothing left of ${logicalId}`);
    await removeResource(work, leftover.resource, leftover.keep);
    if (stack.resources[logicalId]?.physicalId === leftover.resource.physicalId)
      delete stack.resources[logicalId];
    return;
  }
  const resource = stack.resources[logicalId];
  const undo = operation.undo[logicalId];
  if (!resource) throw new Error(`there is no ${logicalId} in ${stack.name}`);
  if (step.does === 'remove') return removeResource(work, resource, isKept(work, resource));
  if (undo) await restoreResource(work, resource, undo);
}
