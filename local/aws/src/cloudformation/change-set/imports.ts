import { isDeepStrictEqual } from 'node:util';
import type { CreateChangeSetCommandInput, ResourceToImport } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../world/service.ts';
import { makingOf } from '../making.ts';
import { specOf } from '../spec.ts';
import { type Stack, stackStore } from '../state.ts';
import { parseTemplate } from '../template/parse.ts';
import { invalid } from '../template/refusals.ts';
import type { Template } from '../template/template.ts';
import { resourceTypes } from '../types/index.ts';

/** Without import support ("Resource type support", CloudFormation User Guide), of the types that there are here. */
const NOT_IMPORTABLE: ReadonlySet<string> = new Set([
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::EC2::VPNGatewayRoutePropagation',
  'AWS::IAM::Policy',
]);

/** Physical ids of what a change set imports, by logical id ("Import AWS resources into a CloudFormation stack"). */
export function importsOf(
  { ChangeSetType, ResourcesToImport = [] }: CreateChangeSetCommandInput,
  template: Template,
  stack: Stack | undefined,
): Readonly<Record<string, string>> {
  if (ChangeSetType !== 'IMPORT') {
    if (ResourcesToImport.length > 0)
      throw invalid('ResourcesToImport is for change sets of the type IMPORT alone.');
    return {};
  }
  if (ResourcesToImport.length === 0) throw invalid('Must Provide at least one resource to import');
  const imports = ResourcesToImport.map((one) => {
    const { LogicalResourceId = '', ResourceType = '', ResourceIdentifier = {} } = one;
    demandInTemplate(one, template);
    return [LogicalResourceId, identifierOf(ResourceType, ResourceIdentifier)] as const;
  });
  if (new Set(imports.map(([id]) => id)).size < imports.length)
    throw invalid('Every resource to import must have unique LogicalResourceId');
  const ids = imports.map(([id]) => id);
  demandNothingElse(ids, template, stack);
  const bare = ids.filter((id) => !template.resources[id]?.saysDeletionPolicy);
  if (bare.length > 0)
    throw invalid(
      `The following resources to import [${bare.join(', ')}] must have DeletionPolicy attribute specified in the template.`,
    );
  return Object.fromEntries(imports);
}

function demandInTemplate(
  { LogicalResourceId = '', ResourceType = '' }: ResourceToImport,
  { resources }: Template,
): void {
  const wanted = resources[LogicalResourceId];
  if (!wanted)
    throw invalid(
      `The logical resource ids [${LogicalResourceId}] provided in ResourceToImport do not exist in the template.`,
    );
  if (wanted.type !== ResourceType)
    throw invalid(
      `Resource type of [${LogicalResourceId}] passed in ResourceToImport does not match with resource type defined in the template. Resource type in ResourceToImport: ${ResourceType}; Resource type in Template: ${wanted.type}.`,
    );
  if (NOT_IMPORTABLE.has(ResourceType))
    throw invalid(`ResourceTypes [${ResourceType}] are not supported for Import`);
}

/** What `Ref` gives: the identifier's members that AWS's schema names for it. */
function identifierOf(type: string, given: Readonly<Record<string, string>>): string {
  const { primaryIdentifier = [], cfnRefIdentifier = primaryIdentifier } = specOf(type) ?? {};
  if (!isDeepStrictEqual(Object.keys(given).toSorted(), primaryIdentifier.toSorted()))
    throw invalid(
      `Invalid resource identifier for resource type ${type}. Expected [${primaryIdentifier.join(', ')}]`,
    );
  return cfnRefIdentifier.map((name) => given[name]).join('|');
}

/** "Import operations don't allow new resource creations, resource deletions, or changes to property configurations." */
function demandNothingElse(ids: readonly string[], template: Template, stack: Stack | undefined): void {
  const before = stack?.applied && parseTemplate(stack.applied.template);
  const known = before?.resources ?? {};
  const there = ids.filter((id) => known[id]);
  if (there.length > 0)
    throw invalid(
      `Resources [${there.join(', ')}] passed in ResourceToImport are already in a stack and cannot be imported.`,
    );
  const added = Object.keys(template.resources).filter((id) => !known[id] && !ids.includes(id));
  if (added.length > 0)
    throw invalid(`Resources [${added.join(', ')}] is missing from ResourceToImport list`);
  const modified = Object.keys(known).filter((id) => !isDeepStrictEqual(known[id], template.resources[id]));
  if (modified.length > 0)
    throw invalid(
      `You have modified resources [${modified.join(', ')}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    );
  if (before && !isDeepStrictEqual(before.outputs, template.outputs))
    throw invalid('As part of the import operation, you cannot modify or add [Outputs]');
}

type Where = Pick<Call, 'world' | 'account' | 'region'>;

interface Import {
  readonly logicalId: string;
  readonly id: string;
  readonly type: string;
}

/** Why something cannot be imported that the request names well; AWS looks when it makes the change set. */
export function refusedImport(
  call: Where,
  stack: Stack,
  imports: Readonly<Record<string, string>>,
  { resources }: Template,
): string | undefined {
  return Object.entries(imports)
    .map(([logicalId, id]) =>
      refusedOne(call, stack, { logicalId, id, type: resources[logicalId]?.type ?? '' }),
    )
    .find((refusal) => refusal !== undefined);
}

/** Why one resource cannot be imported: it is not there, or another stack has it. */
export function refusedOne(call: Where, stack: Stack, one: Import): string | undefined {
  const { world, account, region } = call;
  const { logicalId, id, type } = one;
  const principal = { account, arn: '' }; // it is read, and nobody asks
  const made = makingOf(
    { world, account, region, principal },
    { stack, logicalId, properties: {}, token: 'imports' },
  );
  if (!resourceTypes.get(type)?.read(world, id, made))
    return `Resource of type '${type}' with identifier '${id}' was not found.`;
  const owner = Object.values(stackStore(world, account, region).stacks).find(
    ({ status, resources }) =>
      status !== 'DELETE_COMPLETE' &&
      Object.values(resources).some(
        (other) => other.type === type && other.physicalId === id && !other.status.startsWith('DELETE'),
      ),
  );
  return owner && `${id} already exists in stack ${owner.id}`;
}
