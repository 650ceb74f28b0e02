import { dirname } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import type { Strings } from '../value.ts';
import type { Doing } from './prepared-step.ts';
import { inputsNamed, warnOfUnexpected } from './unexpected-inputs.ts';

const INPUTS = inputsNamed(
  'node-version node-version-file architecture check-latest registry-url scope token cache package-manager-cache cache-dependency-path mirror mirror-token',
);
/** Inputs that ask for more than a Node on the path. */
const UNSUPPORTED = ['node-version-file', 'architecture', 'registry-url', 'scope', 'cache', 'mirror'];

/** The built-in equivalent of actions/setup-node: nothing is downloaded, and the Node of this process comes first on the path. */
export async function runSetupNode(
  job: JobState,
  given: Strings,
  { outputs }: Doing,
): Promise<'success' | 'failure'> {
  warnOfUnexpected(job, 'actions/setup-node', given, INPUTS);
  const refused = UNSUPPORTED.filter((name) => (given[name] ?? '') !== '');
  if (refused.length > 0) throw new Error(`actions/setup-node is built in, without: ${refused.join(', ')}.`);
  const wanted = given['node-version'] ?? '';
  const [major] = process.versions.node.split('.');
  if (![`${major}`, `${major}.x`, process.versions.node, process.version].includes(wanted))
    throw new Error(
      `actions/setup-node is built in, with Node ${process.versions.node} alone: '${wanted}' is not here.`,
    );
  job.path.unshift(dirname(process.execPath));
  job.log.line(`node: ${process.version}`);
  outputs.set('node-version', process.version);
  outputs.set('cache-hit', 'false');
  return 'success';
}
