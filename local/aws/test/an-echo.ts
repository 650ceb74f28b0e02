import { listen } from '../src/server.ts';
import { services } from '../src/services/index.ts';
import { behaviourOf } from '../src/world/behaviour.ts';
import { callLog } from '../src/world/calls.ts';
import { virtualClock } from '../src/world/clock.ts';
import { faultList } from '../src/world/faults.ts';
import { issueKey } from '../src/world/keys.ts';
import { localWorld } from '../src/world/local-world.ts';

/** The wire with its door, and behind it handlers that answer what they are told. IAM and the rules are asked nothing. */
export async function anEcho({ checkReplies }: { readonly checkReplies: boolean }) {
  const world = localWorld({ clock: virtualClock(), url: () => '', runtime: 'simulated' });
  const credentials = issueKey(world, { account: '000011112222', arn: 'arn:aws:iam::000011112222:user/x' });
  /** What the handler of every operation is given and what it answers. */
  const stage = { given: undefined as unknown, answer: {} as object };
  const echoing = services.map((service) => ({
    ...service,
    rules: [], // an input here only has its operation's shape
    operations: Object.fromEntries(
      Object.keys(service.operations).map((name) => [
        name,
        (input: unknown) => {
          stage.given = input;
          return stage.answer;
        },
      ]),
    ),
  }));
  const house = {
    services: echoing,
    world,
    log: callLog(),
    faults: faultList(),
    behaviour: behaviourOf(world),
    asksOf: () => [],
    checkReplies,
  };
  const server = await listen(house, {});
  return { stage, credentials, port: server.port, close: () => server.close() };
}
