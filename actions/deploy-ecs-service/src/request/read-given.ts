import { type Given, inputsInvalid, type Reader, tryInputs } from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { contracted, requestInputs, standalone } from '../inputs.ts';
import { NOTHING_REQUESTED, type ServiceRequest, type Source } from './service-request.ts';

type RequestInput = keyof typeof requestInputs;
type Read<Table extends Record<string, Reader<unknown>>, Contract> = Omit<
  Given<Table>,
  RequestInput | 'contract'
> & {
  readonly contract: Contract;
  readonly serviceRequest: ServiceRequest;
};

/** A delivery of a change, in a service that a contract is about. */
export type GivenContracted = Read<typeof contracted, 'signed'>;
/** A deploy of a service that no contract is about, with the credentials of the job. */
export type GivenAlone = Read<typeof standalone, 'none'>;

/** Reads every input, by the story that `contract` tells, and reports all mistakes at once. */
export async function readGiven(runner: Runner): Promise<GivenContracted | GivenAlone> {
  const alone = runner.input('contract') === 'none';
  const read = alone ? tryInputs(runner, standalone) : tryInputs(runner, contracted);
  const asked = Object.keys(requestInputs).filter((name) => runner.input(name) !== '');
  const requested = await serviceRequestIn(runner, asked, alone);
  const mistakes = [
    ...('mistakes' in read ? read.mistakes : []),
    ...('mistakes' in requested ? requested.mistakes : []),
    ...contradictions(runner, alone, asked),
  ];
  if (mistakes.length > 0 || 'mistakes' in read || 'mistakes' in requested) throw inputsInvalid(mistakes);
  const { serviceRequest } = requested;
  return 'tenant' in read.given && read.given.tenant !== undefined
    ? { ...read.given, contract: 'signed', serviceRequest }
    : ({ ...read.given, contract: 'none', serviceRequest } as GivenAlone); // read by the table of that story
}

/** Each reader sees its own input alone; these are about two. */
function contradictions(runner: Runner, alone: boolean, asked: readonly string[]): readonly string[] {
  const deploys = runner.input('mode') === 'deploy';
  const [resume, hook] = [runner.input('resume'), runner.input('hook')];
  const late = !alone && deploys ? asked : [];
  return [
    ...(asked.includes('task-definition') && asked.includes('revision')
      ? ['task-definition and revision are both given: start from a file or from a revision, not from both']
      : []),
    ...(late.length > 0
      ? [
          `${late.join(', ')} ${late.length === 1 ? 'is' : 'are'} given with mode deploy: give them to the step with mode plan; a deploy takes what was planned and approved`,
        ]
      : []),
    ...(resume !== '' && hook === ''
      ? ['hook is missing: give the `hook` output of the run that paused']
      : []),
    ...(hook !== '' && resume === '' ? ['hook is given without resume: give continue or rollback'] : []),
    ...(resume !== '' && !deploys
      ? ['resume is given with mode plan: only a deploy goes on after a pause']
      : []),
    ...(asked.includes('revision') && runner.input('resolve') === 'tag'
      ? ['resolve is tag and revision is given: a revision is deployed as it is, tags and all']
      : []),
    ...withoutWaiting(runner, deploys),
  ];
}

/** What only a run can do that follows the deployment. */
function withoutWaiting(runner: Runner, deploys: boolean): readonly string[] {
  if (runner.input('wait') !== 'false') return [];
  return [
    ...(deploys ? [] : ['wait is false with mode plan: a plan waits for nothing, so leave it out']),
    ...(runner.input('resume') === ''
      ? []
      : ['wait is false and resume is given: what goes on after a pause is followed to its end']),
    ...(runner.input('retention') === '0'
      ? []
      : ['wait is false and retention is given: old revisions are deregistered only after a success']),
  ];
}

/** YAML and its schema are loaded only for a deploy that asks for something. */
async function serviceRequestIn(
  runner: Runner,
  asked: readonly string[],
  alone: boolean,
): Promise<{ readonly serviceRequest: ServiceRequest } | { readonly mistakes: readonly string[] }> {
  const resolves = runner.input('resolve') === 'tag';
  if (asked.length === 0)
    return { serviceRequest: { ...NOTHING_REQUESTED, tagged: resolves ? {} : undefined } };
  const { readServiceRequest } = await import('./read-service-request.ts');
  const read = readServiceRequest({
    source: sourceOf(runner.input('task-definition'), runner.input('revision')),
    images: runner.input('images'),
    resolves,
    'environment-variables': runner.untrimmed('environment-variables'),
    secrets: runner.untrimmed('secrets'),
    'task-definition-patch': runner.input('task-definition-patch'),
    'service-update': runner.input('service-update'),
    tags: runner.input('tags'),
    'allow-unknown': runner.input('allow-unknown'),
    migration: runner.input('migration'),
  });
  if ('mistakes' in read || alone || read.serviceRequest.unplaced.length === 0) return read;
  return { mistakes: ['images names no container: under a contract write `container=image`'] };
}

function sourceOf(path: string, name: string): Source {
  if (path !== '') return { kind: 'file', path };
  return name === '' ? { kind: 'running' } : { kind: 'revision', name };
}
