/** One installed package, or the operating system, as a bill of materials lists it. */
export interface Component {
  readonly kind: 'library' | 'operating-system';
  /** Scope or vendor of the name, where the ecosystem has one: `@scope` of npm. */
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  /** "Package URL specification"; none for an operating system. */
  readonly purl?: string;
  /** The database or lockfile that says so; absolute, in the image. */
  readonly location: string;
}

export interface OperatingSystem {
  /** `debian`, `alpine`: ID of os-release. */
  readonly id: string;
  /** VERSION_ID of os-release; absent in rolling distributions. */
  readonly version?: string;
}

/**
 * A purl with its parts encoded as the specification says: a colon stays, everything else is encoded as in a URL. In a
 * package's name, what is not valid Unicode is replaced.
 */
export function purlOf(
  type: string,
  namespace: string | undefined,
  name: string,
  version: string,
  qualifiers: Readonly<Record<string, string | undefined>> = {},
): string {
  const path = [type, namespace, name].flatMap((part) => (part === undefined ? [] : [encoded(part)]));
  const given = Object.entries(qualifiers)
    .flatMap(([key, value]) => (value ? [`${key}=${encoded(value)}`] : []))
    .sort();
  return `pkg:${path.join('/')}@${encoded(version)}${given.length > 0 ? `?${given.join('&')}` : ''}`;
}

function encoded(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll('%3A', ':');
}
