import type { Play, Start } from './play.ts';

/** A tenant that is kept for canaries, and what of it they use. */
export interface Target {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  /** A base image with known findings that the tenant's policy denies, as a Dockerfile names it. */
  readonly deniedBase: string;
  /** A credential of the contract that nobody uses; no rotation is played without one. */
  readonly credential?: string;
  /** Who gets the role for incidents, and by which principal of the contract; no grant is played without one. */
  readonly grant?: { readonly requester: string; readonly principal: string };
}

const PORT = 8080; // of the service's manifest

/** A program that answers on the port that it is given, or on another one, in one file without dependencies. */
function answers(version: string, port = `process.env.PORT ?? ${PORT}`): string {
  return `import { createServer } from 'node:http';

const server = createServer((request, response) => response.end('canary ${version}\\n'));
server.listen(Number(${port}), () => console.log('canary ${version} listens'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
}

const CRASHES = "console.error('canary cannot start: this is meant');\nprocess.exit(3);\n";

/** What a canary plays, in order. The last delivery brings back what the repository had before. */
export function playsFor(target: Target, mark: string): readonly Play[] {
  const { tenant, environment, account, region, service, credential, grant } = target;
  const place = { tenant, environment, account, region };
  const deliver: Start = { repository: 'service', workflow: 'deliver.yml', inputs: {} };
  const operate = (workflow: string, inputs: Readonly<Record<string, string>>): Start => ({
    repository: 'operations',
    workflow,
    inputs: { ...place, ...inputs },
  });
  const delivers = (name: string, version: string): Play => ({
    name,
    files: { 'server.js': answers(version), VERSION: `${version}\n` },
    start: deliver,
    ends: {
      conclusion: 'success',
      says: [
        ['verify-target-health', 'verified'],
        ['close-change', 'closed'],
      ],
    },
  });
  const fails = (name: string, files: Play['files'] & {}, says: Play['ends']['says']): Play => ({
    name,
    files,
    start: deliver,
    ends: { conclusion: 'failure', says },
  });
  return [
    delivers('a delivery', `${mark}.1`),
    delivers('a second delivery', `${mark}.2`),
    {
      name: 'a rollback',
      start: operate('rollback.yml', { service, to: 'previous', reason: 'A canary' }),
      ends: { conclusion: 'success', says: [['close-change', 'closed']] },
    },
    fails('a crash', { 'server.js': CRASHES, VERSION: `${mark}.3\n` }, [
      ['deploy-ecs-service', 'rolled-back'],
    ]),
    fails('a wrong port', { 'server.js': answers(`${mark}.4`, '0'), VERSION: `${mark}.4\n` }, [
      ['deploy-ecs-service', 'rolled-back'],
    ]),
    fails('an image with known findings', { Dockerfile: on(target.deniedBase), VERSION: `${mark}.5\n` }, [
      ['gate-on-ecr-findings', 'denied'],
    ]),
    fails('a build that fails', { Dockerfile: 'FROM\n', VERSION: `${mark}.6\n` }, [
      ['close-change', 'abandoned'],
    ]),
    ...(credential === undefined
      ? []
      : [
          {
            name: 'a rotation',
            start: operate('rotate-access.yml', { credential, mode: 'run', wish: 'forced' }),
            ends: { conclusion: 'success', says: [['rotate-access', 'in-progress']] },
          } satisfies Play,
        ]),
    ...(grant === undefined
      ? []
      : [
          {
            name: 'a grant',
            start: operate('break-glass.yml', {
              ...grant,
              mode: 'open-grant',
              incident: `canary-${mark}`,
              reason: 'A canary',
              minutes: '15',
            }),
            ends: { conclusion: 'success', says: [['grant-access', 'granted']] },
          } satisfies Play,
          {
            name: 'the end of all grants',
            start: operate('break-glass.yml', { mode: 'revoke-grants', reason: 'A canary' }),
            ends: { conclusion: 'success', says: [['grant-access', 'revoked']] },
          } satisfies Play,
        ]),
    {
      name: 'the way back',
      files: {},
      start: deliver,
      ends: { conclusion: 'success', says: [['close-change', 'closed']] },
    },
  ];
}

function on(base: string): string {
  return `ARG REGISTRY
FROM ${base}
WORKDIR /srv
COPY package.json server.js VERSION ./
EXPOSE ${PORT}
CMD ["node", "server.js"]
`;
}
