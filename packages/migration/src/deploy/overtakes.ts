import { same } from '../draft.ts';

/** A second deploy during a rollout: ECS replaced the first one for the old steps, and deploy-ecs-service fails by default. */
export const OVERTAKES = {
  input: ['if-in-progress', 'replace'],
  row: same('a deployment in progress is replaced', 'if-in-progress: replace'),
} as const;
