import type { Reader } from '@tenant-delivery/action-kit/readers';

/** A name that an image is given: `REGISTRY/REPOSITORY:TAG`. */
export interface ImageName {
  /** As it was given, with the tag `latest` if there was none. */
  readonly given: string;
  /** `host[:port]`. Nothing where no registry was named. */
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string;
}

const REPOSITORY = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][\w.-]{0,127}$/;
const HOST = /^[A-Za-z0-9.-]+(:\d+)?$/;

/** Names as docker/build-push-action takes them: one per line, or separated by commas; each once. */
export const imageNames: Reader<readonly ImageName[]> = (given) => {
  const words = given
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const names = [...new Set(words)].map((word) => imageName(word) ?? word);
  const wrong = names.filter((name) => typeof name === 'string');
  if (wrong.length > 0)
    return {
      problem: `has ${wrong.map((word) => JSON.stringify(word.slice(0, 80))).join(', ')}`,
      fix: 'give names of images with a tag, such as 000011112222.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.0, one per line or separated by commas',
    };
  return { value: names.filter((name) => typeof name !== 'string') };
};

/** Rule: the part before the first slash is a registry when it has a dot or a port, or is `localhost`. */
function imageName(word: string): ImageName | undefined {
  const slash = word.indexOf('/');
  const first = slash < 0 ? '' : word.slice(0, slash);
  const registry = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const path = registry === undefined ? word : word.slice(slash + 1);
  const colon = path.lastIndexOf(':');
  const repository = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? 'latest' : path.slice(colon + 1);
  if (!REPOSITORY.test(repository) || !TAG.test(tag) || (registry !== undefined && !HOST.test(registry)))
    return undefined;
  return { given: colon < 0 ? `${word}:latest` : word, registry, repository, tag };
}

/** Why these names cannot all be pushed at once; nothing if they can. */
export function whyNotOneRepository(names: readonly ImageName[]): readonly string[] {
  const registries = [...new Set(names.flatMap(({ registry }) => registry ?? []))];
  const repositories = [...new Set(names.map(({ repository }) => repository))];
  return [
    ...(registries.length > 1
      ? [
          `tags has names in ${registries.join(' and ')}: give those of one registry, and copy the image to the other one in a step of its own; one step confirms one digest at one registry`,
        ]
      : []),
    ...(repositories.length > 1
      ? [
          `tags has the repositories ${repositories.join(' and ')}: give a step to each; the outputs name one image`,
        ]
      : []),
  ];
}
