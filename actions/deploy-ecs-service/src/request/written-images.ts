import { CONTAINER, isImage } from '@tenant-delivery/deployment/plan/deploy-request';
import { parseImage, parseTaggedImage } from '@tenant-delivery/domain';
import { pairsOrYaml } from './pairs-or-yaml.ts';
import { isPlain, type Read } from './values-by-container.ts';

/** The input `images` before a task definition or a registry was asked. */
export interface WrittenImages {
  /** By digest, by container. */
  readonly images: Read;
  /** By tag, by container; `undefined` where tags are not resolved but refused. */
  readonly tagged: Readonly<Record<string, string>> | undefined;
  /** Without a container: for the one that runs an image of the same repository. */
  readonly unplaced: readonly string[];
}

/** Lines `container=image`, lines with an image alone, or YAML. */
export function imagesIn(text: string, resolves: boolean): WrittenImages {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const alone = lines.filter(isNamed);
  const others = lines.filter((line) => !alone.includes(line));
  const moving = resolves ? [] : alone.filter((line) => !isImage(line));
  const { images, tagged } = byTag(pairsOrYaml(alone.length > 0 ? others.join('\n') : text), resolves);
  const mistakes = moving.map(
    (line) => `${line} has a tag, which may move; give its digest, or \`resolve: tag\``,
  );
  return {
    images: mistakes.length > 0 && !('mistakes' in images) ? { mistakes } : images,
    tagged,
    unplaced: alone,
  };
}

function byTag(read: Read, resolves: boolean): Pick<WrittenImages, 'images' | 'tagged'> {
  if (!resolves) return { images: read, tagged: undefined };
  if ('mistakes' in read || !isPlain(read.value)) return { images: read, tagged: {} };
  const entries = Object.entries(read.value);
  const tagged = entries.flatMap(([name, image]): [string, string][] =>
    typeof image === 'string' && CONTAINER.test(name) && !isImage(image) && isNamed(image)
      ? [[name, image]]
      : [],
  );
  const names = new Set(tagged.map(([name]) => name));
  return {
    images: { value: Object.fromEntries(entries.filter(([name]) => !names.has(name))) },
    tagged: Object.fromEntries(tagged),
  };
}

/** Whether a text is an image and nothing else, by digest or by tag. A tag beside a digest is dropped later, not believed. */
function isNamed(image: string): boolean {
  return parseTaggedImage(parseImage(image)?.repositoryUri ?? image) !== undefined;
}
