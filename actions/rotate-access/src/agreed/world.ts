import { randomUUID } from 'node:crypto';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { startSession } from '@tenant-delivery/aws/session';
import { type InstallationToken, installationToken, type Sessions } from '@tenant-delivery/github/app-token';
import { secretPair, secretSlots } from '@tenant-delivery/github/secret-consumer';
import { permissionsFor, type SecretHome } from '@tenant-delivery/github/secret-home';
import { githubAccess } from '@tenant-delivery/github/session';
import { HOUR } from '@tenant-delivery/rotation/access-key/policy';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import type { Masker, Secret } from '@tenant-delivery/rotation/secret';
import type { CredentialConsumer, RotationApp } from '@tenant-delivery/tenancy/credential-terms';
import type { AgreedInputs } from '../inputs.ts';
import type { AgreedWorld } from '../rotate-world.ts';

/** The environment's rotate role changes the credential, and its evidence role keeps the journal. */
export async function openAgreed(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: AgreedInputs,
): Promise<AgreedWorld> {
  const { tenant, environment, account, region } = given;
  const place = { tenant, environment, account, region };
  const { opened } = await startSession(runner, env, place, ['rotate', 'evidence']);
  // The clients load while STS answers.
  const [{ openAdmissionWorld }, aws] = await Promise.all([
    import('@tenant-delivery/aws/delivery-world'),
    import('@tenant-delivery/aws/cleared-access-key'),
  ]);
  const session = await opened;
  const masks = redaction(runner);
  const frame = await openAdmissionWorld(runner, env, session, 'rotate', 'evidence');
  const { clock } = session;
  return {
    ...frame,
    userArn: (user) => aws.userArnOf(session, place, user, masks),
    open: async (clearance, app) => {
      const { keys, time } = aws.clearedAccessKey(session, clearance, masks);
      const key = app && (await aws.appKeyOf(session, app, masks));
      const around = { runner, clock, masks, acknowledged: given.acknowledge };
      const consumers = await Promise.all(
        clearance.credential.consumers.map((each) => consumerOf(each, around, app && key && { app, key })),
      );
      return {
        runner,
        vault: frame.vault,
        time,
        sleep: (milliseconds) => clock.sleep(milliseconds, runner.cancelled),
        clean: masks.clean,
        process: randomUUID(),
        keys: { ...keys, consumers },
      };
    },
  };
}

interface Around {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly masks: Masker;
  readonly acknowledged: string | undefined;
}

interface App {
  readonly app: RotationApp;
  readonly key: Secret;
}

/** Each home in GitHub is asked with a token of its own, which may do what that home needs and no more. */
async function consumerOf(
  agreed: CredentialConsumer,
  around: Around,
  by: App | undefined,
): Promise<Consumer> {
  const { runner, clock, masks, acknowledged } = around;
  const cadence = agreed.cadenceHours * HOUR;
  if (agreed.kind === 'external')
    return externalConsumer(agreed.name, cadence, acknowledged, runner.context.triggeringActor);
  if (!by) throw new TypeError('a credential with consumers in GitHub was admitted without an App');
  const { repository, environment } = agreed;
  const home: SecretHome =
    environment === undefined
      ? { kind: 'repository', repository }
      : { kind: 'environment', repository, environment };
  const sessions: Sessions = {
    ask: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).ask,
    change: (token) => githubAccess(runner.context.apiUrl, token, clock, runner.cancelled).change,
  };
  const { token }: InstallationToken = await installationToken(
    { id: by.app.id, privateKey: by.key },
    { repositories: [repository], permissions: permissionsFor(home) },
    { sessions, clock, masker: masks },
  );
  const access = githubAccess(runner.context.apiUrl, token.reveal(), clock, runner.cancelled);
  const options = {
    home,
    repositories: [repository],
    probe: { repository, workflow: agreed.probe, ref: agreed.ref ?? 'main' },
    cadence,
  };
  return agreed.mode === 'slots'
    ? secretSlots(access, { ...options, name: agreed.name })
    : secretPair(access, {
        ...options,
        name: agreed.secretName,
        idName: agreed.idName,
        secretName: agreed.secretName,
      });
}
