import type { Json } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../observed.ts';
import { isObject } from './task-definition.ts';

/** How the program begins that a stack lets a new service run: its command is not the service's. */
const PLACEHOLDER = '/* placeholder of tenant-delivery */';

/**
 * The task definition without the command of a placeholder. A delivery changes what runs and keeps what it does not name, so
 * the first one would run the placeholder's program in the service's image.
 */
export function withoutPlaceholder(document: TaskDefinitionDocument): TaskDefinitionDocument {
  const containers = document['containerDefinitions'];
  if (!Array.isArray(containers)) return document;
  return { ...document, containerDefinitions: containers.map(ownCommand) };
}

function ownCommand(container: Json): Json {
  if (!isObject(container) || !Array.isArray(container['command'])) return container;
  const { command, ...own } = container;
  return command.some((part) => String(part).startsWith(PLACEHOLDER)) ? own : container;
}
