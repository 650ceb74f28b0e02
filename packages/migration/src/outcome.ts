import type { Decision } from './new-step.ts';
import { BUILDS_OR_TAGS, DEPLOYS } from './scripts/commands.ts';
import { actionOf, type Step } from './workflow.ts';

/** What became of a file, or of its builds or its deploys alone. */
export type Outcome = 'whole' | 'whole after a move' | 'in part' | 'nothing';

/** What a workflow is asked about: images that it builds for ECR, and deploys to ECS. */
export type Work = 'builds' | 'deploys';

type Decisions = readonly (readonly [Step, Decision])[];

/**
 * `whole`: every step that builds for ECR or deploys to ECS is ours now. `whole after a move`: the same, and a service must be
 * moved from CodeDeploy first. `in part`: some are left. `nothing`: there was none.
 */
export function outcomeOf(decisions: Decisions): Outcome {
  if (decisions.some(([, each]) => each.kind === 'left' || (each.kind === 'replaced' && each.stays)))
    return 'in part';
  if (decisions.some(([, each]) => each.kind === 'replaced' && each.beforehand)) return 'whole after a move';
  return decisions.some(([, { kind }]) => kind === 'replaced') ? 'whole' : 'nothing';
}

/** The same for one kind of work. */
export function outcomeOfWork(decisions: Decisions, work: Work): Outcome {
  return outcomeOf(
    decisions.flatMap(([step, decision]): Decisions => {
      if (decision.kind === 'left') return worksOf(step).includes(work) ? [[step, decision]] : [];
      if (decision.kind !== 'replaced') return [];
      const ours = decision.by.some(({ does }) => does.kind === 'ours' && WORK[does.action] === work);
      const { stays, ...taken } = decision;
      if (work === 'builds' && stays !== undefined) return [[step, decision]];
      return ours ? [[step, taken]] : [];
    }),
  );
}

const WORK = {
  'build-and-scan-image': 'builds',
  'gate-on-ecr-findings': 'builds',
  'deploy-ecs-service': 'deploys',
} as const;

/** Actions that deploy to ECS. */
const DEPLOY_ACTIONS =
  /^aws-actions\/amazon-ecs-deploy|^(?:silintl|silinternational|sil-org|fabfuel)\/|ecs-deploy/;

/** What a step that is left does. */
function worksOf(step: Step): readonly Work[] {
  if (step.run === undefined) return DEPLOY_ACTIONS.test(actionOf(step) ?? '') ? ['deploys'] : ['builds'];
  const script = step.run.replace(/\\\n/g, ' ');
  const [builds, deploys] = [BUILDS_OR_TAGS.test(script), DEPLOYS.test(script)];
  const waits = !builds && /\becs\s+wait\b/.test(script);
  return [
    ...(builds || !(deploys || waits) ? (['builds'] as const) : []),
    ...(deploys || waits ? (['deploys'] as const) : []),
  ];
}
