/** What plays write, also those of an earlier canary. */
export const FILES = ['Dockerfile', 'server.js', 'VERSION'];

const PORT = 8080; // of the service's manifest

/** A program that answers on the port that it is given, or on another one, in one file without dependencies. */
export function answers(version: string, port = `process.env.PORT ?? ${PORT}`): string {
  return `import { createServer } from 'node:http';

const server = createServer((request, response) => response.end('canary ${version}\\n'));
server.listen(Number(${port}), () => console.log('canary ${version} listens'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
}

export const CRASHES = "console.error('canary cannot start: this is meant');\nprocess.exit(3);\n";

/** A Dockerfile of the template's service on another base. */
export function on(base: string): string {
  return `ARG REGISTRY
FROM ${base}
WORKDIR /srv
COPY package.json server.js VERSION ./
EXPOSE ${PORT}
CMD ["node", "server.js"]
`;
}
