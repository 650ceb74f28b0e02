import type { LocalGithub } from '@tenant-delivery/local-github';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import { wantedRepositorySettings } from '@tenant-delivery/provisioning/github/wanted-settings';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

/**
 * Gives the customer's branches the rules of the contract, as a person does who follows the steps of a plan. A platform starts
 * without them: pull requests of most stories have no release gate.
 */
export function ruleBranches({ world }: LocalGithub, contract: TenantContract): void {
  for (const environment of Object.keys(contract.environments))
    for (const { repository, ruleset } of wantedRepositorySettings(contract, environment)) {
      const now = world.clock.now();
      const checks = ruleset.checks.map((context) => ({ context }));
      repositoryNamed(world, repository).rulesets.push({
        include: ruleset.branches.map((branch) => `refs/heads/${branch}`),
        rules: ['deletion', 'non_fast_forward'],
        made: {
          ...{ id: world.nextId(), name: ruleset.name, target: 'branch', enforcement: 'active' },
          ...{ bypass: [], checks, strict: false, createdAt: now, updatedAt: now },
        },
      });
    }
}
