import { pathOf } from '../src/api/match.ts';
import { table } from '../src/api/table.ts';
import { statusesOf } from './described.ts';
import type { Client } from './sandbox.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The operation that serves a path, by GitHub's name. */
export function nameOf(method: string, path: string): string {
  const found = table.match(method, path.split('?')[0] ?? '');
  if (!found) throw new Error(`nothing serves ${method} ${path}`);
  return `${method} ${pathOf(found.route)}`;
}

/** Asks, and expects the answer to be a good one, in the form that GitHub describes. `answered` gets its operation. */
export function asking(client: Client, answered: Set<string>) {
  const noted = async (method: string, path: string, body?: Body) => {
    const name = nameOf(method, path);
    const send = {
      GET: () => client.get(path),
      POST: () => client.post(path, body),
      PUT: () => client.put(path, body),
      PATCH: () => client.patch(path, body),
      DELETE: () => client.delete(path),
    }[method];
    const { status, body: said } = (await send?.()) ?? { status: 0, body: `no ${method}` };
    if (status >= 400 || !statusesOf(name).includes(status))
      throw new Error(`${method} ${path}: ${status} ${JSON.stringify(said)}`);
    answered.add(name);
    return Object(said);
  };
  return {
    get: (path: string) => noted('GET', path),
    post: (path: string, body?: Body) => noted('POST', path, body),
    put: (path: string, body: Body) => noted('PUT', path, body),
    patch: (path: string, body: Body) => noted('PATCH', path, body),
    delete: (path: string) => noted('DELETE', path),
  };
}
