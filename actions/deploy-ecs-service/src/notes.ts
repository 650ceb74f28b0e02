import { containerNamed, type TaskDefinition } from '@tenant-delivery/deployment';
import type { ResolvedService } from '@tenant-delivery/tenancy';

/**
 * Wishes of the manifest that differ from what the service has and that this release does not apply, a sentence
 * each, so that nobody takes a plan for more than it is.
 */
export function notesOf(
  current: TaskDefinition,
  { container, scaling }: Pick<ResolvedService, 'container' | 'scaling'>,
): readonly string[] {
  const definition = containerNamed(current.document, container.name.value);
  const counts =
    scaling.min.from === 'manifest'
      ? [
          `The manifest asks for ${scaling.min.value} to ${scaling.max.value} tasks: a delivery leaves counts and scaling as they are, setting them is not supported yet.`,
        ]
      : [];
  const sizes = (['cpu', 'memory'] as const).flatMap((member) => {
    const wish = container[member]?.value;
    const has = definition?.[member];
    return wish === undefined || String(wish) === String(has)
      ? []
      : [
          `The manifest asks for container.${member} ${wish}, the task definition has ${has ?? 'none'}: changing it is not supported yet, only the image is set.`,
        ];
  });
  return [...sizes, ...counts];
}
