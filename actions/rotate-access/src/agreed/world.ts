import { randomUUID } from 'node:crypto';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { type Session, startSession } from '@tenant-delivery/aws/session/session';
import type { KindName } from '@tenant-delivery/credentials/kinds';
import { openApprovals } from '@tenant-delivery/github/actions/run-approvals';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { rotationRole } from '@tenant-delivery/tenancy/credential-subject';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import type { AgreedInputs } from '../inputs.ts';
import type { AgreedWorld } from '../rotate-world.ts';
import type { CredentialOpening } from './opening.ts';

/** The environment's role for the kind changes the credential, and its journal role keeps the journal. */
export async function openAgreed(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: AgreedInputs,
): Promise<AgreedWorld> {
  const { opened } = await startSession(runner, env, placeIn(given), ['journal']);
  return agreedWorld(runner, env, given, opened);
}

/** The same by a session that was asked for. */
export async function agreedWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: AgreedInputs,
  opened: Promise<Session>,
): Promise<AgreedWorld> {
  const place = placeIn(given);
  const { region } = place;
  // The clients load while STS answers.
  const [{ openAdmissionWorld }, { callerIdentity }] = await Promise.all([
    import('@tenant-delivery/aws/session/delivery-world'),
    import('@tenant-delivery/aws/session/caller-identity'),
  ]);
  const session = await opened;
  const masks = redaction(runner);
  const frame = await openAdmissionWorld(runner, env, session, 'journal');
  const sleep = (milliseconds: number) => session.clock.sleep(milliseconds, runner.cancelled);
  const around = { runner, given, place, session, masks, sleep, process: randomUUID() };
  return {
    ...frame,
    github: () => openApprovals(runner, session.clock, given['github-token']),
    look: async ({ credential }) => {
      const [found] = await Promise.all([
        openingOf(credential.kind),
        session.assume(rotationRole(credential.kind)),
      ]);
      const [identity, subject] = await Promise.all([
        callerIdentity(session, rotationRole(credential.kind)),
        found.subject(credential, around),
      ]);
      return { identity, region, subject };
    },
    open: async (clearance, admission) => {
      const found = await openingOf(clearance.credential.kind);
      const whole = { ...around, frame, admission, environment: admission.environment };
      const [{ rotatable, time }, recorder] = await Promise.all([
        found.open(clearance, whole),
        given.mode === 'run'
          ? import('@tenant-delivery/aws/kms/journal-recorder').then(({ journalRecorder }) =>
              journalRecorder(whole, {
                journal: clearance.credential.id,
                role: rotationRole(clearance.credential.kind),
                contractDigest: clearance.contractDigest,
              }),
            )
          : undefined,
      ]);
      const { process } = around;
      const world = { runner, vault: frame.vault, time, sleep, clean: masks.clean, process, rotatable };
      return recorder ? { ...world, recorder } : world;
    },
  };
}

function placeIn({ tenant, environment, account, region }: AgreedInputs): Environment {
  return { tenant, environment, account, region };
}

/** The opening of a kind, which is loaded when it is needed: a run turns one credential. */
async function openingOf(kind: KindName): Promise<CredentialOpening<KindName>> {
  return (await OPENINGS[kind]()) as CredentialOpening<KindName>; // it is given no other kind than its own
}

type Openings = {
  readonly [Kind in KindName]: () => Promise<CredentialOpening<Kind>>;
};

const OPENINGS: Openings = {
  'github-app-key': async () => (await import('./github-app-key.ts')).opening,
  'github-deploy-key': async () => (await import('./github-deploy-key.ts')).opening,
  'iam-access-key': async () => (await import('./iam-access-key.ts')).opening,
  'pull-through': async () => (await import('./pull-through.ts')).opening,
  'repository-credentials': async () => (await import('./repository-credentials.ts')).opening,
  'secrets-manager': async () => (await import('./secrets-manager.ts')).opening,
  'vpn-psk': async () => (await import('./vpn-psk.ts')).opening,
};
