import type { Stage } from './stage.ts';

/** A pull request that asks for more than the contract allows. */
export async function excessivePullRequest(stage: Stage, manifest: string): Promise<void> {
  const { claims, terminal, platform } = stage;
  await stage.commit(
    'Serve the sales season',
    { '.delivery/service.yaml': `${manifest}scaling: { min: 2, max: 40 }\n` },
    'season',
  );
  const pull = await platform.github.openPullRequest({
    repository: 'acme/orders',
    head: 'season',
    base: 'main',
    title: 'Serve the sales season',
    user: 'dev-ana',
  });
  const { result } = await stage.run({
    repository: 'acme/orders',
    workflow: '.github/workflows/pull-request.yml',
    ref: `refs/pull/${pull.number}/merge`,
    event: 'pull_request',
    actor: 'dev-ana',
  });
  const repository = platform.github.world.repositories.get('acme/orders');
  const comment = repository?.comments.at(-1)?.body ?? '';
  const check = repository?.checkRuns.at(-1);
  terminal.line(terminal.bold('A pull request that asks for more than the contract allows'));
  claims.claim(
    'the gate says no',
    result.conclusion === 'failure' && check?.conclusion === 'failure',
    () => `${result.conclusion}, check ${check?.conclusion}`,
  );
  claims.claim(
    'its comment names the wish and the agreed maximum',
    /scaling\.max/.test(comment) && /\b6\b/.test(comment),
    () => comment,
  );
}
