import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { type Difference, differences, type Identities } from '@tenant-delivery/tenancy/contract-differences';
import { renderEnvironment } from '../environment.ts';
import { type Stack, stacksOf } from '../stacks/stacks-of.ts';
import type { Resource } from '../stacks/template.ts';

interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: 'made' | 'changed' | 'deleted';
  /** Of a resource that is changed: by the members of the template. */
  readonly differences: readonly Difference[];
}

/** What a change of the contract means for one stack, as far as the contracts alone say it. */
export interface StackChange extends Pick<Stack, 'name' | 'region' | 'part'> {
  /**
   * `left`: the contract does not ask for it any more, and only a withdrawal takes it away. `adopted`: its template comes from
   * what is there, so that the contracts alone do not say what changes.
   */
  readonly action: 'made' | 'changed' | 'left' | 'adopted';
  readonly resources: readonly ResourceChange[];
}

/**
 * What would change in the account between two contracts of a tenant: no right at AWS is needed, and what is there is not
 * looked at. Whether CloudFormation changes a resource in place or replaces it, the plan of provision.yml says.
 */
export function contractChanges(
  before: TenantContract | undefined,
  after: TenantContract,
  provider: string,
): readonly StackChange[] {
  const [old, next] = [stacksIn(before, provider), stacksIn(after, provider)];
  return [...new Map([...old, ...next])].flatMap(([key, stack]) => {
    const { name, region, part } = stack;
    const [was, is] = [old.get(key), next.get(key)];
    const action = actionOf(was, is);
    const compared = action === 'made' || action === 'changed';
    const resources = compared
      ? resourcesIn(was?.template.Resources ?? {}, is?.template.Resources ?? {})
      : [];
    return action === 'changed' && resources.length === 0 ? [] : [{ name, region, part, action, resources }];
  });
}

function actionOf(was: Stack | undefined, is: Stack | undefined): StackChange['action'] {
  if (is === undefined) return 'left';
  if (is.adopts !== undefined) return 'adopted';
  return was === undefined ? 'made' : 'changed';
}

/** By name and region. The stack of the account is the same in each of its environments. */
function stacksIn(contract: TenantContract | undefined, provider: string): ReadonlyMap<string, Stack> {
  if (contract === undefined) return new Map();
  const { releases = [], publishers = [] } = contract;
  const released = { provider, releases, publishers };
  const stacks = Object.keys(contract.environments).flatMap((environment) =>
    stacksOf(contract, environment, renderEnvironment(contract, environment, released)),
  );
  return new Map(stacks.map((stack) => [`${stack.name} ${stack.region}`, stack]));
}

/** What names an item in a list of a template: policies, their statements, tags. */
const OF_TEMPLATES: Identities = [['PolicyName'], ['Sid'], ['Key']];

type Resources = Readonly<Record<string, Resource>>;

function resourcesIn(before: Resources, after: Resources): readonly ResourceChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((logicalId): readonly ResourceChange[] => {
    const [was, is] = [before[logicalId], after[logicalId]];
    const type = (is ?? was)?.Type ?? '';
    if (was === undefined) return [{ logicalId, type, action: 'made', differences: [] }];
    if (is === undefined) return [{ logicalId, type, action: 'deleted', differences: [] }];
    const found = differences(was, is, OF_TEMPLATES);
    return found.length === 0 ? [] : [{ logicalId, type, action: 'changed', differences: found }];
  });
}
