import type { Route } from './call.ts';

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Table {
  match(method: string, path: string): Match | undefined;
}

/** Compiles the routes once. Earlier routes win. */
export function tableOf(routes: readonly Route[]): Table {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route) }));
  return {
    match: (method, path) => {
      for (const { route, pattern } of compiled) {
        const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
        if (groups) return { route, parameters: decoded(groups) };
      }
      return undefined;
    },
  };
}

function patternOf(route: Route): RegExp {
  const path = route.kind === 'repository' ? `/repos/{owner}/{repo}${route.path}` : route.path;
  const source = path
    .replaceAll('.', '\\.')
    .replaceAll(/\{(\w+)(\\\.\\\.\\\.)?\}/g, (_, name: string, rest?: string) =>
      rest ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
    );
  // The empty group makes `groups` an object for paths without parameters too.
  return new RegExp(`^${source}/?(?<_>)$`);
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
