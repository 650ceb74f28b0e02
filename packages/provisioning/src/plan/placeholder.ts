import type { Resource, Template } from '../stacks/template.ts';

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

/** The task definitions of a template. Each is the placeholder that a service starts with, and nothing else. */
export function placeholdersIn({ Resources }: Pick<Template, 'Resources'>): readonly string[] {
  return Object.keys(Resources).filter((id) => Resources[id]?.Type === TASK_DEFINITION);
}

/**
 * The template with the placeholders that the stack was made with. A new revision of a family would become its newest one,
 * and the service, which names the family, would go back to a placeholder.
 */
export function keepPlaceholders(wanted: Template, live: Pick<Template, 'Resources'> | undefined): Template {
  if (!live) return wanted;
  const made = placeholdersIn(live).flatMap((id) => {
    const resource = live.Resources[id];
    return resource && wanted.Resources[id] ? [[id, resource] as const] : [];
  });
  const placeholders: Readonly<Record<string, Resource>> = Object.fromEntries(made);
  return { ...wanted, Resources: { ...wanted.Resources, ...placeholders } };
}
