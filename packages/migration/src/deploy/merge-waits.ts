import { changed } from '../draft.ts';
import type { Decision, NewStep } from '../new-step.ts';
import { ecsWords } from '../scripts/commands.ts';
import { expandAll } from '../scripts/expand.ts';
import { readScript } from '../scripts/read-script.ts';
import { isQuiet } from '../scripts/standing.ts';
import { ofEnvironment, resolved, ScriptVariables, type Surroundings } from '../scripts/variables.ts';
import { labelOf, otherVariable, type Step } from '../workflow.ts';
import { readWait, type WaitAsked } from './read-ecs-command.ts';

type Replaced = Decision & { readonly kind: 'replaced' };

/** A step that only waits for services that new steps before it deploy goes into those: they wait themselves. */
export function mergeWait(around: Surroundings, decisions: Map<Step, Decision>): void {
  const { step, job } = around;
  if (step.run === undefined || step.fixed !== undefined || step.id !== undefined) return;
  if (hasItsOwnEnd(step)) return;
  const asked = onlyWaits(around);
  if (asked.length === 0) return;
  const deploys = job.steps.flatMap((each) => {
    const decision = decisions.get(each);
    return each.from < step.from && decision?.kind === 'replaced' ? [{ step: each, decision }] : [];
  });
  const awaited = asked.flatMap(({ cluster, services }) =>
    services.map((service) =>
      deploys.findLast((each) => deployOf(each.decision, around, cluster, service) !== undefined),
    ),
  );
  if (awaited.some((each) => each === undefined || otherVariable(each.step, step) !== undefined)) return;
  // A wait without a condition also waits where the deploy does not run, and has no limit of the deploy's.
  if (awaited.some((each) => each && hasItsOwnEnd(each.step))) return;
  for (const each of awaited) if (each) decisions.set(each.step, waiting(each.decision));
  const [first] = awaited;
  if (first)
    decisions.set(step, { kind: 'merged', into: labelOf(first.step), by: first.step, rows: [WAITS] });
}

/** Whether a step may be skipped, forgiven or cancelled where another one is not. */
function hasItsOwnEnd({ members }: Step): boolean {
  return members.some(({ name }) => ['if', 'continue-on-error', 'timeout-minutes'].includes(name));
}

const WAITS = changed(
  'aws ecs wait services-stable',
  'the deployment is followed to its end, in place of waiting until the service is stable',
  'no wait: false',
);

/** What a script waits for that does nothing else. */
function onlyWaits(around: Surroundings): readonly WaitAsked[] {
  const statements = readScript(around.step.run ?? '');
  if (typeof statements === 'string') return [];
  const variables = new ScriptVariables(ofEnvironment(around));
  const asked: WaitAsked[] = [];
  for (const statement of statements) {
    variables.follow(statement, '');
    const words = ecsWords(statement, 'wait', 'services-stable');
    const texts = words && expandAll(words, variables, []);
    const wait = texts && !('why' in texts) ? readWait(texts) : undefined;
    if (wait) asked.push(wait);
    else if (!isQuiet(statement, variables)) return [];
  }
  return asked;
}

function deployOf(
  decision: Replaced,
  around: Surroundings,
  cluster: string | undefined,
  service: string,
): NewStep | undefined {
  const at = (step: NewStep, name: string) => step.inputs.find(([input]) => input === name)?.[1];
  const plain = (text: string | undefined) => (text === undefined ? undefined : resolved(text, around));
  return decision.by.find(
    (step) =>
      step.does.kind === 'ours' &&
      step.does.action === 'deploy-ecs-service' &&
      step.when === undefined &&
      plain(at(step, 'service')) === plain(service) &&
      plain(at(step, 'cluster')) === plain(cluster),
  );
}

function waiting(decision: Replaced): Replaced {
  return {
    ...decision,
    by: decision.by.map((step) => ({
      ...step,
      inputs: step.inputs.filter(([name, value]) => name !== 'wait' || value !== 'false'),
    })),
    rows: decision.rows.filter(({ to }) => to !== 'wait: false'),
  };
}
