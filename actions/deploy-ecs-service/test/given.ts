import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { type GivenAlone, type GivenContracted, readGiven } from '../src/request/read-given.ts';

/** The defaults of action.yml. */
const DEFAULTS = {
  contract: 'signed',
  mode: 'deploy',
  resolve: 'none',
  wait: 'true',
  'timeout-minutes': '20',
  'if-in-progress': 'fail',
  'on-failure': 'rollback',
  'on-cancel': 'leave',
  retention: '0',
};

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
