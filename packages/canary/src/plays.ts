import type { CanaryTenant } from './canary-tenant.ts';
import type { Play, Played, Start } from './play.ts';
import { answers, CRASHES, on } from './programs.ts';

/** What a canary plays, in order. The last delivery brings back what the repository had before. `stamp` is in every version. */
export function playsFor(tenant: CanaryTenant, stamp: string): readonly Play[] {
  return [
    ...deliveries(tenant, stamp),
    ...refusals(tenant, stamp),
    ...rotation(tenant),
    ...grants(tenant, stamp),
    { name: 'the way back', files: {}, start: DELIVER, ends: CLOSED },
  ];
}

const DELIVER: Start = { repository: 'service', workflow: 'deliver.yml', inputs: {} };

const CLOSED: Play['ends'] = {
  conclusion: 'success',
  says: [
    ['verify-target-health', 'verified'],
    ['close-change', 'closed'],
  ],
};

/** What goes well, and a delivery that a newer one overtakes while it waits. */
function deliveries(tenant: CanaryTenant, stamp: string): readonly Play[] {
  const delivers = (name: string, version: string): Play => ({
    name,
    files: { 'server.js': answers(version), VERSION: `${version}\n` },
    start: DELIVER,
    ends: CLOSED,
  });
  const overtaken: Play = {
    ...delivers('an older delivery', `${stamp}.2`),
    waits: true,
    ends: { conclusion: 'cancelled', says: [['deploy-ecs-service', 'planned']] },
  };
  const back = { service: tenant.service, to: 'previous', reason: 'A canary' };
  return [
    delivers('a delivery', `${stamp}.1`),
    overtaken,
    delivers('a newer delivery', `${stamp}.3`),
    { name: 'a rollback', start: operate(tenant, 'rollback.yml', back), ends: CLOSED },
  ];
}

/** What must not come to run. */
function refusals({ deniedBase }: CanaryTenant, stamp: string): readonly Play[] {
  const fails = (name: string, says: Play['ends']['says'], files?: Play['files']): Play => ({
    name,
    ...(files && { files }),
    start: DELIVER,
    ends: { conclusion: 'failure', says },
  });
  const rolledBack = [['deploy-ecs-service', 'rolled-back']] as const;
  const denied = [['gate-on-ecr-findings', 'denied']] as const;
  return [
    fails('a crash', rolledBack, { 'server.js': CRASHES, VERSION: `${stamp}.4\n` }),
    fails('a wrong port', rolledBack, { 'server.js': answers(`${stamp}.5`, '0'), VERSION: `${stamp}.5\n` }),
    fails('an image with known findings', denied, { Dockerfile: on(deniedBase), VERSION: `${stamp}.6\n` }),
    fails('the same image again', denied), // the same commit: its findings are counted a second time
    fails('a build that fails', [['close-change', 'abandoned']], {
      Dockerfile: 'FROM\n',
      VERSION: `${stamp}.7\n`,
    }),
  ];
}

/** The new key, by what may be said of it: it is the end of the line by which a rotation waits for its consumers. */
const NEW_KEY = /has not yet shown that it has the key ([0-9a-f]+)/;

/** What a rotation says that finds the old key of an earlier one. */
const IN_GRACE: NonNullable<Play['note']> = {
  when: /the old key is Inactive and kept for the grace/,
  says: "nothing was rotated, because the old key of an earlier canary's rotation is kept for its grace",
};

/**
 * A rotation of a key that is said to have leaked, so that the old one stops working as soon as its consumer has acknowledged
 * the new one. Nobody uses the key, and the canary speaks for nobody. What is left is the wait until the old key is deleted.
 */
function rotation(tenant: CanaryTenant): readonly Play[] {
  const { credential } = tenant;
  if (credential === undefined) return [];
  const start = operate(tenant, 'rotate-access.yml', { credential, mode: 'run', wish: 'compromise' });
  const ends = (outcome: string): Play['ends'] => ({
    conclusion: 'success',
    says: [['rotate-access', outcome]],
  });
  const acknowledge = (plays: readonly Played[]) => {
    const log = plays
      .flatMap(({ run }) => run.jobs.map((job) => job.log))
      .findLast((text) => NEW_KEY.test(text));
    return { acknowledge: NEW_KEY.exec(log ?? '')?.[1] ?? '' };
  };
  return [
    { name: 'a rotation', start, note: IN_GRACE, ends: ends('in-progress') },
    { name: 'the cut-over of the rotation', start, inputsFrom: acknowledge, ends: ends('in-progress') },
  ];
}

/** A grant of the role for incidents, and its end. */
function grants(tenant: CanaryTenant, stamp: string): readonly Play[] {
  const { grant } = tenant;
  if (grant === undefined) return [];
  const access = (name: string, inputs: Start['inputs'], outcome: string): Play => ({
    name,
    start: operate(tenant, 'break-glass.yml', { reason: 'A canary', requester: grant.requester, ...inputs }),
    ends: { conclusion: 'success', says: [['grant-access', outcome]] },
  });
  const { principal } = grant;
  const opens = { mode: 'open-grant', principal, incident: `canary-${stamp}`, minutes: '15' };
  return [
    access('a grant', opens, 'granted'),
    access('the end of the grant', { mode: 'revoke-grants' }, 'revoked'),
  ];
}

function operate(
  { tenant, environment, account, region }: CanaryTenant,
  workflow: string,
  inputs: Start['inputs'],
): Start {
  return {
    repository: 'operations',
    workflow,
    inputs: { tenant, environment, account, region, ...inputs },
  };
}
