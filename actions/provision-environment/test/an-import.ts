import type { ChangeSetRequest, ExistingResources } from '@tenant-delivery/provisioning/ports';
import { changesBetween, physicalId } from './changes-between.ts';
import { type StoredStack, templateIn } from './stored-stack.ts';

/** What was there before any stack: its properties, by its type and the values of its identifier. */
export type There = Map<string, Readonly<Record<string, unknown>>>;

const keyOf = (type: string, identifier: Readonly<Record<string, string>>) =>
  `${type} ${Object.values(identifier).join('|')}`;

/** What is there, as a plan looks at it. */
export function existingIn(
  there: There,
  stacks: ReadonlyMap<string, Pick<StoredStack, 'name' | 'resources'>>,
): ExistingResources {
  const has = ({ resources }: Pick<StoredStack, 'resources'>, id: string) =>
    [...resources.values()].some((one) => one.id === id);
  return {
    properties: async (type, identifier) => there.get(keyOf(type, identifier)),
    arn: async (_, name) => [...there].find(([, { Name }]) => Name === name)?.[0].split(' ')[1],
    stackOf: async (id) => [...stacks.values()].find((stack) => has(stack, id))?.name,
  };
}

/** Why a resource cannot be imported now, although it could when it was planned. */
export function lostImport(
  there: There,
  { imports = [] }: ChangeSetRequest,
  logicalId: string,
): string | undefined {
  const asked = imports.find((each) => each.logicalId === logicalId);
  if (!asked || there.has(keyOf(asked.type, asked.identifier))) return undefined;
  return `Resource of type '${asked.type}' with identifier '${physicalId(asked)}' was not found.`;
}

/** "Import operations don't allow new resource creations, resource deletions, or changes to property configurations." */
export function wrongImport(stack: StoredStack, request: ChangeSetRequest): string | undefined {
  if (request.type !== 'IMPORT') return undefined;
  const { Resources = {}, Outputs } = templateIn(request.template) ?? {};
  const asked = { id: '', request, type: 'IMPORT', at: 0, execution: '' };
  const other = changesBetween(stack, asked).find(({ action }) => action !== 'Import');
  if (other) return `${other.logicalId} would be changed by an import`;
  const bare = request.imports?.find(({ logicalId }) => !Resources[logicalId]?.DeletionPolicy);
  if (bare) return `${bare.logicalId} must have DeletionPolicy attribute specified in the template.`;
  return JSON.stringify(Outputs) === JSON.stringify(templateIn(stack.body)?.Outputs)
    ? undefined
    : 'As part of the import operation, you cannot modify or add [Outputs]';
}
