import type { BuildPart } from './parts.ts';

/**
 * Compose names the image of a service that has no name after the folder of its project, which is the folder of the checkout: no
 * file says how the repository is called. So only the end of such a name is known.
 */
const UNKNOWN = 'FOLDER';

/** The name of the image of a service, as Compose makes it up. */
export function nameFor(project: string | undefined, service: string): string {
  return `${project ?? UNKNOWN}-${service}`;
}

/** The build that a made-up name is of: the one service that it can be. */
export function madeUpName(name: string, names: ReadonlyMap<string, BuildPart>): BuildPart | undefined {
  const [, end = ''] = /^[a-z0-9][a-z0-9_-]*?([-_].+)$/.exec(name) ?? [];
  const parts = [...names].flatMap(([key, part]) => {
    const service = key.startsWith(`${UNKNOWN}-`) ? key.slice(UNKNOWN.length + 1) : undefined;
    const fits = service !== undefined && (end.endsWith(`-${service}`) || end.endsWith(`_${service}`));
    return fits ? [part] : [];
  });
  const [part, ...more] = new Set(parts);
  return more.length === 0 ? part : undefined;
}
