import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const name = 'orders';
const version = process.env.VERSION ?? readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim();
const port = Number(process.env.PORT ?? 8080);

const server = createServer((request, response) => {
  if (request.url === '/healthz') return answer(response, 200, { status: 'ok' });
  if (request.url === '/') return answer(response, 200, { name, version });
  return answer(response, 404, { error: 'not found' });
});

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

server.listen(port, () => console.log(`${name} ${version} listens on port ${port}`));

// ECS sends SIGTERM and waits: requests that have begun are answered, new ones go to other tasks.
process.on('SIGTERM', () => {
  console.log(`${name} ${version} stops`);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
