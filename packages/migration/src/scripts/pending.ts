import type { Step } from '../workflow.ts';
import type { Built } from './image-commands.ts';
import type { BuildPart } from './parts.ts';

/** The builds of earlier steps that are not pushed yet, with the steps that have them. */
export interface Pending {
  readonly built: Built;
  readonly stepOf: Map<BuildPart, Step>;
  /** Steps that only give an image another name. */
  readonly taggers: Map<BuildPart, Step[]>;
  /** Whether the images of this step stay in the runner's Docker, where commands tag and push them. */
  readonly loads: boolean;
}

/** Remembers the builds of earlier steps. What is called takes away again what a script that stays has added to them. */
export function remember(built: Built): () => void {
  const lists = [...new Set(built.values())].flatMap(({ names, pushed, used }) =>
    [names, pushed, used].map((list: unknown[]) => ({ list, size: list.length })),
  );
  return () => {
    for (const { list, size } of lists) list.splice(size);
  };
}
