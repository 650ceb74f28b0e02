import { randomUUID } from 'node:crypto';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openAccessKey } from '@tenant-delivery/aws/access-key-world';
import type { AmbientSession } from '@tenant-delivery/aws/ambient-session';
import { secretSlots } from '@tenant-delivery/github/secret-consumer';
import { githubAccess } from '@tenant-delivery/github/session';
import { externalConsumer } from '@tenant-delivery/rotation/external-consumer';
import type { Consumer } from '@tenant-delivery/rotation/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import type { RotateInputs } from './inputs.ts';
import type { RotateWorld } from './rotate-world.ts';

const HOUR = 3_600_000; // milliseconds

/** By the credentials that an earlier step put into the environment; they are compared with the account first. */
export async function openRotation(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: RotateInputs,
): Promise<RotateWorld> {
  const { ambientSession } = await import('@tenant-delivery/aws/ambient-session'); // in a chunk that no delivery loads
  const session = await ambientSession(runner, env, { account: given.account, region: given.region });
  const masks = redaction(runner);
  const { keys, time, vault } = openAccessKey(
    (attempts) => session.clientConfig('deploy', attempts),
    session.clock,
    given,
    masks,
  );
  return {
    runner,
    vault,
    time,
    sleep: (milliseconds) => session.clock.sleep(milliseconds, runner.cancelled),
    clean: masks.clean,
    process: randomUUID(),
    keys: { ...keys, consumers: consumersOf(runner, session.clock, given) },
  };
}

function consumersOf(
  runner: Runner,
  clock: AmbientSession['clock'],
  given: RotateInputs,
): readonly Consumer[] {
  const cadence = given['cadence-hours'] * HOUR;
  const { repository, environment, external, acknowledge } = given;
  const people = external.map((name) =>
    externalConsumer(name, cadence, acknowledge, runner.context.triggeringActor),
  );
  const [token, workflow] = [given['github-token'], given['probe-workflow']];
  if (!repository || !token || !workflow) return people;
  const access = githubAccess(runner.context.apiUrl, token, clock, runner.cancelled);
  const slots = secretSlots(access, {
    home: environment ? { kind: 'environment', repository, environment } : { kind: 'repository', repository },
    name: given['secret-name'],
    repositories: [repository],
    probe: { repository, workflow, ref: given['probe-ref'] },
    cadence,
  });
  return [slots, ...people];
}
