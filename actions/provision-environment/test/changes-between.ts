import type { ImportRequest, ResourceChange } from '@tenant-delivery/provisioning/ports';
import type { Resource } from '@tenant-delivery/provisioning/stacks/template';
import { type StoredChangeSet, type StoredStack, templateIn } from './stored-stack.ts';

/** What a change set would do to a stack, as far as CloudFormation could tell. */
export function changesBetween(stack: StoredStack, { request }: StoredChangeSet): readonly ResourceChange[] {
  const wanted = templateIn(request.template)?.Resources ?? {};
  const names = [...new Set([...stack.resources.keys(), ...Object.keys(wanted)])].toSorted();
  return names.flatMap((logicalId): readonly ResourceChange[] => {
    const [before, after] = [stack.resources.get(logicalId), wanted[logicalId]];
    const base = { logicalId, replacement: undefined, policyAction: undefined, properties: [] };
    if (!after) {
      const policyAction = before?.DeletionPolicy === undefined ? 'Delete' : 'Retain';
      return [{ ...base, type: before?.Type ?? '', id: before?.id, action: 'Remove', policyAction }];
    }
    const imported = request.imports?.find((each) => each.logicalId === logicalId);
    if (!before && imported)
      return [{ ...base, type: after.Type, id: physicalId(imported), action: 'Import' }];
    if (!before) return [{ ...base, type: after.Type, id: undefined, action: 'Add' }];
    const properties = differing(before.Properties, after.Properties);
    if (properties.length === 0) return [];
    const replacement = properties.some(({ path }) => replaces(after.Type, path)) ? 'True' : 'False';
    return [{ ...base, type: after.Type, id: before.id, action: 'Modify', replacement, properties }];
  });
}

/** What `Ref` gives of what is imported. */
export function physicalId({ type, identifier }: ImportRequest): string {
  const values = Object.values(identifier);
  return type === 'AWS::ECS::Service' ? (values[0] ?? '') : values.join('|');
}

function differing(before: Resource['Properties'] = {}, after: Resource['Properties'] = {}) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const textOf = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  return names.flatMap((name) => {
    const [from, to] = [textOf(before[name]), textOf(after[name])];
    return from === to ? [] : [{ path: `/${name}`, before: from, after: to }];
  });
}

const REPLACING: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::VPC': /CidrBlock/,
  'AWS::EC2::Subnet': /CidrBlock|AvailabilityZoneId/,
  'AWS::ElasticLoadBalancingV2::TargetGroup': /Port|Protocol|VpcId|Name/,
  'AWS::ECS::TaskDefinition': /./,
  'AWS::ECS::Service': /ServiceName|Cluster/,
};

function replaces(type: string, path: string): boolean {
  return REPLACING[type]?.test(path) ?? false;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly StringEquals: { readonly ResourceType: string[] } };
}

/** Whether a stack policy denies a change, as far as ours go. */
export function denies(
  policy: string | undefined,
  { logicalId, type, action, replacement }: ResourceChange,
): boolean {
  if (policy === undefined || action === 'Add' || action === 'Import') return false;
  const verb =
    action === 'Remove' ? 'Update:Delete' : replacement === 'True' ? 'Update:Replace' : 'Update:Modify';
  const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Statement[] };
  return Statement.some(({ Effect, Action, Resource: resource, Condition }) => {
    const fits = [Action].flat().some((each) => each === 'Update:*' || each === verb);
    const about = [resource].flat().some((each) => each === '*' || each === `LogicalResourceId/${logicalId}`);
    const types = Condition?.StringEquals.ResourceType;
    return Effect === 'Deny' && fits && about && (types === undefined || types.includes(type));
  });
}
