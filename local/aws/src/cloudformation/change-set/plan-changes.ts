import type { Change, Replacement, ResourceAttribute, ResourceChange } from '@aws-sdk/client-cloudformation';
import type { World } from '../../world/world.ts';
import { resourcesOf, scopeOf } from '../engine/scope.ts';
import { makingOf } from '../making.ts';
import type { Properties } from '../resource-type.ts';
import type { Input, Stack, StackResource } from '../state.ts';
import { fitProperties } from '../template/fit-properties.ts';
import { LATER, resolve, type Scope } from '../template/intrinsics.ts';
import { toldParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import { withStackTags } from '../template/stack-tags.ts';
import type { Template, TemplateResource } from '../template/template.ts';
import { propertyChanges } from './property-changes.ts';

interface Planning {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly stack: Stack;
  readonly input: Input;
  /** Physical ids of what is imported, by logical id. */
  readonly imports: Readonly<Record<string, string>>;
}

/** What becomes of each resource: nothing, or its change. */
type Planned = Map<string, ResourceChange | undefined>;

/** What a stack's resources would be changed by: those of the template in its order, then those that go. */
export function planChanges(planning: Planning): readonly Change[] {
  const { stack, input } = planning;
  const template = parseTemplate(input.template);
  const planned: Planned = new Map();
  const visit = (id: string): void => {
    if (planned.has(id) || !template.resources[id]) return;
    for (const other of template.resources[id].after) visit(other);
    planned.set(id, changeOf(planning, template, planned, id));
  };
  for (const id of Object.keys(template.resources)) visit(id);
  const gone = Object.values(stack.resources).filter(
    (one) => one.physicalId !== undefined && !(one.logicalId in template.resources),
  );
  const changes = [...Object.keys(template.resources).map((id) => planned.get(id)), ...gone.map(removal)];
  return changes.flatMap((change) => (change ? [{ Type: 'Resource', ResourceChange: change }] : []));
}

function changeOf(
  planning: Planning,
  template: Template,
  planned: Planned,
  id: string,
): ResourceChange | undefined {
  const { stack, imports } = planning;
  const wanted = template.resources[id] as TemplateResource; // visited because it is there
  const known = stack.resources[id];
  const after = propertiesOf(planning, template, planned, wanted);
  const said = { LogicalResourceId: id, ResourceType: wanted.type, Scope: [], Details: [] };
  if (known?.physicalId === undefined) {
    const imported = imports[id];
    const context = { AfterContext: contextOf(wanted, secretless(planning, template, after)) };
    if (imported !== undefined)
      return { ...said, ...context, Action: 'Import', PhysicalResourceId: imported };
    return { ...said, ...context, Action: 'Add' };
  }
  return modification(planning, template, wanted, known, after);
}

function modification(
  planning: Planning,
  template: Template,
  wanted: TemplateResource,
  known: StackResource,
  after: Properties,
): ResourceChange | undefined {
  const details = propertyChanges(wanted.type, known.properties, after, wanted.properties);
  const policies = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).filter(
    (name) => policyOf(known, name) !== policyOf(wanted, name),
  );
  if (details.length === 0 && policies.length === 0) return undefined;
  const scope = new Set<ResourceAttribute>(policies);
  for (const { Target } of details) scope.add(Target?.Attribute ?? 'Properties');
  const always = details.filter(({ Target }) => Target?.RequiresRecreation === 'Always');
  const replacement: Replacement = always.some(({ Evaluation }) => Evaluation === 'Static')
    ? 'True'
    : always.length > 0 || details.some(({ Target }) => Target?.RequiresRecreation === 'Conditionally')
      ? 'Conditional'
      : 'False';
  return {
    Action: 'Modify',
    LogicalResourceId: known.logicalId,
    ...(known.physicalId !== undefined && { PhysicalResourceId: known.physicalId }),
    ResourceType: wanted.type,
    Replacement: replacement,
    ...(replacement === 'True' && {
      PolicyAction: wanted.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete',
    }),
    Scope: [...scope],
    Details: [
      ...details,
      ...policies.map((name) => ({
        Target: {
          Attribute: name,
          RequiresRecreation: 'Never' as const,
          Path: `/${name}`,
          BeforeValue: policyOf(known, name),
          AfterValue: policyOf(wanted, name),
          AttributeChangeType: 'Modify' as const,
        },
        Evaluation: 'Static' as const,
        ChangeSource: 'DirectModification' as const,
      })),
    ],
    BeforeContext: contextOf(known, known.properties),
    AfterContext: contextOf(wanted, secretless(planning, template, after)),
  };
}

function removal(known: StackResource): ResourceChange {
  return {
    Action: 'Remove',
    PolicyAction: known.deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    LogicalResourceId: known.logicalId,
    ...(known.physicalId !== undefined && { PhysicalResourceId: known.physicalId }),
    ResourceType: known.type,
    Scope: [],
    Details: [],
    BeforeContext: contextOf(known, known.properties),
  };
}

type Policies = Pick<TemplateResource, 'deletionPolicy' | 'updateReplacePolicy'>;

const policyOf = (
  { deletionPolicy, updateReplacePolicy }: Policies,
  name: 'DeletionPolicy' | 'UpdateReplacePolicy',
) => (name === 'DeletionPolicy' ? deletionPolicy : updateReplacePolicy);

/** As DescribeChangeSet has it with IncludePropertyValues: JSON in a string. */
function contextOf(policies: Policies, properties: Properties): string {
  const { deletionPolicy, updateReplacePolicy } = policies;
  return JSON.stringify({
    Properties: properties,
    ...(deletionPolicy !== 'Delete' && { DeletionPolicy: deletionPolicy }),
    ...(updateReplacePolicy !== 'Delete' && { UpdateReplacePolicy: updateReplacePolicy }),
  });
}

function propertiesOf(
  planning: Planning,
  template: Template,
  planned: Planned,
  wanted: TemplateResource,
): Properties {
  const { input } = planning;
  const scope = scopeOf(
    { ...planning, template, parameters: input.parameters },
    plannedScope(planning, planned),
  );
  const resolved = Object(resolve(wanted.properties, scope)) as Properties; // of an object, an object
  return fitProperties(wanted.type, withStackTags(wanted.type, resolved, input.tags)).properties;
}

/** Values of parameters that are not to be echoed are not. */
function secretless({ input }: Planning, template: Template, after: Properties): Properties {
  const hidden = toldParameters(template, input.parameters).filter(
    ({ ParameterValue }) => ParameterValue === '****',
  );
  if (hidden.length === 0) return after;
  const secrets = hidden
    .map(({ ParameterKey = '' }) => input.parameters[ParameterKey] ?? '')
    .filter((one) => one !== '');
  const masked = secrets.reduce(
    (text, secret) => text.replaceAll(JSON.stringify(secret).slice(1, -1), '****'),
    JSON.stringify(after),
  );
  return JSON.parse(masked) as Properties; // the same members
}

/** Resources that stay are known by their ids; of what is made, replaced or changed, more is known only afterwards. */
function plannedScope(planning: Planning, planned: Planned): Scope {
  const { world, account, region, stack, imports } = planning;
  const live = resourcesOf(world, stack, (logicalId) => {
    const { properties = {}, token = '' } = stack.resources[logicalId] ?? {};
    const principal = { account, arn: '' }; // attributes are read, and nobody asks
    return makingOf({ world, account, region, principal }, { stack, logicalId, properties, token });
  });
  const stays = (name: string) => {
    const change = planned.get(name);
    return !change || change.Replacement === 'False';
  };
  return {
    ref: (name) => imports[name] ?? (stays(name) ? live.ref(name) : LATER),
    att: (name, attribute) => (planned.get(name) ? LATER : live.att(name, attribute)),
  };
}
