/** The parts of an image reference as written in a FROM. */
export interface Reference {
  /** `host[:port]`. Docker Hub's if none is written. */
  readonly host: string;
  readonly repository: string;
  /** A digest when there is one, else the tag, else `latest`. */
  readonly reference: string;
  /** The tag as written. If there is a digest too, the tag had that digest once. */
  readonly tag?: string;
}

/** Rule: the part before the first slash is a host when it has a dot, a port or upper case, or is `localhost`. */
export function splitReference(text: string): Reference {
  const at = text.indexOf('@');
  const [named, digest] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const hasHost = /[.:A-Z]/.test(first) || first === 'localhost';
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const name = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  const repository = !hasHost && !name.includes('/') ? `library/${name}` : name;
  return {
    host,
    repository,
    reference: digest ?? tag ?? 'latest',
    ...(tag === undefined ? {} : { tag }),
  };
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d+)?$/i;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** Why no registry can have an image of this name. Rule: the grammar of the distribution project's `reference`. */
export function referenceMistake(text: string): string | undefined {
  const { host, repository, tag } = splitReference(text);
  const [, digest] = text.split('@');
  if (/[A-Z]/.test(repository)) return `names the image ${text}; the name of an image is in lower case`;
  if (!HOST.test(host) || !REPOSITORY.test(repository) || /^library\/[0-9a-f]{64}$/.test(repository))
    return `names ${text}, which is no name of an image`;
  if (tag !== undefined && !TAG.test(tag)) return `names ${text}, whose tag is none`;
  return digest !== undefined && !DIGEST.test(digest) ? `names ${text}, whose digest is none` : undefined;
}
