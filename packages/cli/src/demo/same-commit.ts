import type { Stage } from './stage.ts';

/** The same commit again changes nothing. */
export async function sameCommit(stage: Stage, first: number): Promise<void> {
  const { claims, terminal } = stage;
  stage.mark();
  const again = await stage.deliver();
  terminal.line(terminal.bold('The same commit again'));
  claims.claim('the delivery is unchanged', again.outcome === 'unchanged', () => again.outcome);
  for (const [service, operation] of [
    ['ecs', 'RegisterTaskDefinition'],
    ['ecs', 'UpdateService'],
  ] as const) {
    claims.claim(`no ${operation} was sent`, stage.effects(service, operation) === 0);
  }
  claims.claim(
    'nothing was built or pushed: the signed image record was found',
    again.result.jobs.some((job) => job.summary.includes('Image of orders: reused')),
  );
  claims.claim(
    `it took ${(again.took / 1000).toFixed(1)} s, the first ${(first / 1000).toFixed(1)} s`,
    again.took < first,
    () => 'not faster',
  );
}
