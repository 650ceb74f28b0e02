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

/** Rule: the part before the first slash is a host when it has a dot or a port, or is `localhost`. */
export function splitReference(text: string): Reference {
  const at = text.indexOf('@');
  const [named, digest] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === 'localhost';
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
