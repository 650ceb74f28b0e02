import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mounted } from '../server.ts';
import type { World } from '../world/world.ts';

/** Credentials that registries elsewhere (Docker Hub, GitHub) take, by their host: `registry-1.docker.io`. */
function accepted(world: World): Record<string, { readonly username: string; readonly token: string }[]> {
  return world.state<Record<string, { readonly username: string; readonly token: string }[]>>(
    'upstream-registries',
    '',
    '',
    () => ({}),
  );
}

/** Makes a credential good at an upstream registry, as its owner does on that registry's own pages. */
export function acceptUpstream(world: World, host: string, username: string, token: string): void {
  const known = accepted(world);
  known[host] = [...(known[host] ?? []), { username, token }];
  world.touched();
}

/** Takes a credential back at its upstream registry. */
export function revokeUpstream(world: World, host: string, token: string): void {
  const known = accepted(world);
  known[host] = (known[host] ?? []).filter((one) => one.token !== token);
  world.touched();
}

export function upstreamTakes(world: World, host: string, username: string, token: string): boolean {
  return (accepted(world)[host] ?? []).some((one) => one.username === username && one.token === token);
}

/** Their token endpoints, at `/_local/upstream/HOST/token`: 200 with a token, or 401. */
export function upstreamTokens(world: World): Mounted {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const host = /^\/_local\/upstream\/([^/]+)\/token/.exec(request.url ?? '')?.[1] ?? '';
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [username = '', ...token] = Buffer.from(basic, 'base64').toString().split(':');
    const good = upstreamTakes(world, host, username, token.join(':'));
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      good ? '{"token":"anything","expires_in":300}' : '{"details":"incorrect username or password"}',
    );
  };
}
