import type { CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../world/service.ts';
import { specOf } from '../spec.ts';
import { stackStore } from '../state.ts';
import { invalid } from '../template/refusals.ts';
import type { Template } from '../template/template.ts';

/** Physical ids of what a change set imports, by logical id ("Import AWS resources into a CloudFormation stack"). */
export function importsOf(
  call: Call,
  { ChangeSetType, ResourcesToImport = [] }: CreateChangeSetCommandInput,
  { resources }: Template,
): Readonly<Record<string, string>> {
  if (ChangeSetType !== 'IMPORT') {
    if (ResourcesToImport.length > 0)
      throw invalid('ResourcesToImport is for change sets of the type IMPORT alone.');
    return {};
  }
  if (ResourcesToImport.length === 0)
    throw invalid('ResourcesToImport must be specified for a change set of the type IMPORT.');
  const imports = ResourcesToImport.map(
    ({ LogicalResourceId = '', ResourceType = '', ResourceIdentifier = {} }) => {
      const wanted = resources[LogicalResourceId];
      if (wanted?.type !== ResourceType)
        throw invalid(`Resource [${LogicalResourceId}] of the type ${ResourceType} is not in the template.`);
      if (wanted.deletionPolicy === 'Delete')
        throw invalid(
          `Resource [${LogicalResourceId}] to import must have a DeletionPolicy of Retain or RetainExceptOnCreate.`,
        );
      const id = identifierOf(ResourceType, ResourceIdentifier);
      demandFree(call, ResourceType, id);
      return [LogicalResourceId, id] as const;
    },
  );
  return Object.fromEntries(imports);
}

/** What `Ref` gives: the identifier's members that AWS's schema names for it. */
function identifierOf(type: string, given: Readonly<Record<string, string>>): string {
  const { primaryIdentifier = [], cfnRefIdentifier = primaryIdentifier } = specOf(type) ?? {};
  const missing = primaryIdentifier.filter((name) => given[name] === undefined);
  if (missing.length > 0) throw invalid(`ResourceIdentifier of ${type} needs ${missing.join(', ')}.`);
  return cfnRefIdentifier.map((name) => given[name]).join('|');
}

/** A resource belongs to one stack. */
function demandFree({ world, account, region }: Call, type: string, id: string): void {
  const owner = Object.values(stackStore(world, account, region).stacks).find(
    ({ status, resources }) =>
      status !== 'DELETE_COMPLETE' &&
      Object.values(resources).some(
        (one) => one.type === type && one.physicalId === id && !one.status.startsWith('DELETE'),
      ),
  );
  if (owner) throw invalid(`Resource ${id} of the type ${type} already exists in stack ${owner.id}`);
}
