import type { Route } from './call.ts';

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Table {
  readonly routes: readonly Route[];
  match(method: string, path: string): Match | undefined;
}

/** Compiles the routes once. Earlier routes win. */
export function tableOf(routes: readonly Route[]): Table {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route) }));
  return {
    routes,
    match: (method, path) => {
      for (const { route, pattern } of compiled) {
        const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
        if (groups) return { route, parameters: decoded(groups) };
      }
      return undefined;
    },
  };
}

/** The whole path of a route, below the API's base. */
export function pathOf(route: Route): string {
  if (route.kind === 'organisation') return `/orgs/{org}${route.path}`;
  return route.kind === 'repository' ? `/repos/{owner}/{repo}${route.path}` : route.path;
}

function patternOf(route: Route): RegExp {
  const source = pathOf(route)
    .replaceAll('.', '\\.')
    .replaceAll(/\{(\w+)(\\\.\\\.\\\.)?\}/g, (_, name: string, rest?: string) =>
      rest ? `(?<${name}>.*)` : `(?<${name}>[^/]+)`,
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
