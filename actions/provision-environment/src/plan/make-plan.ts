import { fixedCosts } from '@tenant-delivery/provisioning/plan/fixed-costs';
import { irreversible } from '@tenant-delivery/provisioning/plan/irreversible';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { Draft } from './draft-stack.ts';

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** The plan of a part, from what its change sets say. */
export function makePlan(
  { contract, contractDigest, environment, target, part }: StacksAdmission,
  kind: StackPlan['kind'],
  drafts: readonly Draft[],
  beside: Pick<StackPlan, 'github' | 'recovery' | 'backups'> = {},
): StackPlan {
  const stacks = drafts.map(({ stack }) => stack);
  const goes = stacks.some(({ changes }) =>
    changes.some(({ type, action }) => type === BALANCER && action === 'remove'),
  );
  return {
    schemaVersion: 1,
    tenant: contract.id,
    environment: target.environment,
    part,
    kind,
    contract: contractDigest,
    stacks,
    lifts: kind === 'withdrawal' && goes ? [environment.loadBalancer.name] : [],
    irreversible: [...irreversible(kind, stacks)],
    fixedCosts: fixedCosts(drafts.map(kind === 'withdrawal' ? leftOf : ({ template }) => template)),
    ...beside,
  };
}

/** What a withdrawal leaves in the account goes on costing. */
function leftOf({ stack, template }: Draft): Pick<Template, 'Resources'> {
  const kept = stack.changes.filter(({ action }) => action === 'keep').map(({ logicalId }) => logicalId);
  return {
    Resources: Object.fromEntries(Object.entries(template.Resources).filter(([id]) => kept.includes(id))),
  };
}
