import { actionDefaults } from '@tenant-delivery/testkit/action-defaults';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { type GivenAlone, type GivenContracted, readGiven } from '../src/request/read-given.ts';

const DEFAULTS = { ...actionDefaults(new URL('../action.yml', import.meta.url)), mode: 'deploy' };

type Inputs = Readonly<Record<string, string>>;

export function runnerGiven(inputs: Inputs): FakeRunner {
  return fakeRunner({ inputs: { ...DEFAULTS, ...inputs } });
}

/** What the action reads of a step with these inputs. */
export async function givenContracted(inputs: Inputs): Promise<GivenContracted> {
  const given = await readGiven(runnerGiven(inputs));
  if (given.contract !== 'signed') throw new Error('the inputs are those of a deploy without a contract');
  return given;
}

export async function givenAlone(inputs: Inputs): Promise<GivenAlone> {
  const given = await readGiven(runnerGiven({ contract: 'none', ...inputs }));
  if (given.contract !== 'none') throw new Error('the inputs are those of a delivery');
  return given;
}
