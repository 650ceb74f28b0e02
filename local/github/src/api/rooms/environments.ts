import type { BranchPolicy, Environment, RefPattern } from '../../world/environment.ts';
import { ok, type RepositoryCall, type Route } from '../call.ts';
import { notFound } from '../errors.ts';
import { page } from '../page.ts';
import { read } from '../routes.ts';
import { showEnvironment } from '../show/environment.ts';
import { nodeId } from '../show/node-id.ts';

export const POLICIES = '/environments/{environment}/deployment-branch-policies';

export const environments: readonly Route[] = [
  read(['actions'], '/environments', (call) =>
    page(call, [...call.repository.environments.values()], (some, total) => ({
      total_count: total,
      environments: some.map((each) => showEnvironment(call.world, call.repository, each)),
    })),
  ),
  read(['actions'], '/environments/{environment}', (call) =>
    ok(showEnvironment(call.world, call.repository, environmentIn(call))),
  ),
  read(['actions'], POLICIES, (call) =>
    page(call, patternsOf(environmentIn(call).branchPolicy), (some, total) => ({
      total_count: total,
      branch_policies: some.map(showPattern),
    })),
  ),
  read(['actions'], `${POLICIES}/{id}`, (call) => {
    const patterns = patternsOf(environmentIn(call).branchPolicy);
    const pattern = patterns.find(({ id }) => id === Number(call.parameters['id']));
    if (!pattern) throw notFound();
    return ok(showPattern(pattern));
  }),
];

export function environmentIn({ repository, parameters }: RepositoryCall): Environment {
  const environment = repository.environments.get((parameters['environment'] ?? '').toLowerCase());
  if (!environment) throw notFound();
  return environment;
}

export function patternsOf(policy: BranchPolicy): readonly RefPattern[] {
  return policy.kind === 'custom' ? policy.patterns : [];
}

export function showPattern({ id, type, pattern }: RefPattern) {
  return { id, node_id: nodeId('GateBranchPolicy', id), name: pattern, type };
}
