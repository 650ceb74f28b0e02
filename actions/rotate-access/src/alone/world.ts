import { randomUUID } from 'node:crypto';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openIamAccessKey } from '@tenant-delivery/aws/credentials/iam-access-key-world';
import { rotatableIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/kind';
import { HOUR } from '@tenant-delivery/domain';
import { secretSlots } from '@tenant-delivery/github/secrets/secret-slots';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { failures } from '@tenant-delivery/tenancy/failures';
import { whyContracted } from '@tenant-delivery/tenancy/uncontracted';
import { acknowledgedBy } from '../acknowledgements.ts';
import { policyAlone } from '../iam-access-key-policy.ts';
import type { AloneInputs } from '../inputs.ts';
import type { RotateWorld } from '../rotate-world.ts';

/** By the credentials that an earlier step put into the environment; they are compared with the account first. */
export async function openAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: AloneInputs,
): Promise<RotateWorld> {
  const { ambientSession } = await import('@tenant-delivery/aws/session/ambient-session'); // a file of its own in dist/
  const session = await ambientSession(runner, env, { account: given.account, region: given.region });
  const contracted = whyContracted(session.identity.arn);
  if (contracted.length > 0) throw failures.clearanceRefused(contracted);
  const masks = redaction(runner);
  const { keys, time, vault } = openIamAccessKey(
    (attempts) => session.clientConfig('deploy', attempts),
    session.clock,
    given,
    masks,
  );
  const world = {
    runner,
    vault,
    time,
    sleep: (milliseconds: number) => session.clock.sleep(milliseconds, runner.cancelled),
    clean: masks.clean,
    process: randomUUID(),
  };
  const consumers = await consumersOf(runner, session.clock, given);
  const rotatable = rotatableIamAccessKey(
    given.credential,
    { ...keys, consumers },
    policyAlone(given),
    world,
  );
  return { ...world, rotatable };
}

async function consumersOf(runner: Runner, clock: Clock, given: AloneInputs): Promise<readonly Consumer[]> {
  const cadence = given['cadence-hours'] * HOUR;
  const { repository, environment, external, acknowledge } = given;
  const said = acknowledgedBy(acknowledge, external);
  const people = external.map((name) =>
    externalConsumer(name, cadence, said(name), runner.context.triggeringActor),
  );
  const [token, workflow] = [given['github-token'], given['probe-workflow']];
  if (!repository || !token || !workflow) return people;
  const github = await githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  const slots = secretSlots(github, {
    home: environment ? { kind: 'environment', repository, environment } : { kind: 'repository', repository },
    name: given['secret-name'],
    repositories: [repository],
    probe: { repository, workflow, ref: given['probe-ref'] },
    cadence,
  });
  return [slots, ...people];
}
