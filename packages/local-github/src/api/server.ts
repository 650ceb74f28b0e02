import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';

export function answer(_world: World): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(404).end();
  };
}
