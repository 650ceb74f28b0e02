import { type ArgumentPlace, SEVERAL_LINES, settleArguments } from '../build/build-arguments.ts';
import { rowsOfCopy, whyNoCopy } from '../build/copy.ts';
import { SECRET_ARGUMENT } from '../build/from-build-push-action.ts';
import { judgeNames, repositoryOf } from '../build/image-names.ts';
import { mayHaveLines } from '../build/one-line.ts';
import { platformOf } from '../build/platform.ts';
import type { BuildAsked } from '../build/read-docker-build.ts';
import { isOfOptions } from '../build/settle-option.ts';
import { mayPush } from '../deploy/images-that-stay.ts';
import { inputsOfImages } from '../deploy/name-pushed-image.ts';
import { OVERTAKES } from '../deploy/overtakes.ts';
import { inlinedText } from '../deploy/render.ts';
import { changed, type Draft, dropped, type Refused, same } from '../draft.ts';
import { namesSecret } from '../expressions.ts';
import { type BuildPart, type DeployPart, localNames } from './parts.ts';
import { resolved, type Surroundings } from './variables.ts';

/** Whether an expression certainly has one line. */
type IsOneLine = (expression: string) => boolean;

/** A `docker build` and its pushes as build-and-scan-image. `from` is the step that has the build, when another one pushes. */
export function draftOfBuild(
  part: BuildPart,
  around: Surroundings,
  from: Surroundings,
  isOneLine: IsOneLine,
): Draft | Refused {
  if (part.loads) return draftOfLoaded(part, around, isOneLine);
  const pushed = [...new Set(part.pushed)];
  const judged = judgeNames(pushed, around);
  if (!('notes' in judged)) return judged;
  const { ours, others } = judged;
  // Where a command pushes, the image may stay in Docker, and be pushed from there.
  const apart = whyNoCopy(judged, part.asked.pushes && from.step === around.step, around);
  if (apart) return apart;
  const told = toldOf(part.asked, ours, { from, around, isOneLine });
  if ('left' in told) return told;
  const { inputs } = told;
  const platform = platformOf(
    from,
    inputs.some(([name]) => name === 'platforms'),
  );
  return {
    action: 'build-and-scan-image',
    inputs: [
      ['contract', 'none'],
      ['tags', ours.join('\n')],
      ['push', 'true'],
      ...inputs,
      ...platform.inputs,
    ],
    env: told.env,
    rows: [
      ...part.asked.rows,
      ...told.rows,
      ...platform.rows,
      ...localNames(part, around).map((name) =>
        dropped(
          `${part.asked.tags.includes(name) ? '--tag' : 'docker tag'} ${name}`,
          'nobody pushes this name',
        ),
      ),
      ...pushed.map((name) => same(`${part.asked.pushes ? '--tag' : 'docker push'} ${name}`, 'tags')),
      ...rowsOfCopy(others),
    ],
    others,
    outputs: {},
    notes: [...judged.notes, ...platform.notes, ...(part.asked.notes ?? []), ...told.notes],
  };
}

/** A `docker build` whose image commands after it take from the runner's Docker. */
function draftOfLoaded({ asked }: BuildPart, around: Surroundings, isOneLine: IsOneLine): Draft | Refused {
  const told = toldOf(asked, asked.tags, { from: around, around, isOneLine });
  if ('left' in told) return told;
  const { inputs } = told;
  const given = (name: string) => inputs.some(([input]) => input === name);
  const platform = platformOf(around, given('platforms'));
  return {
    action: 'build-and-scan-image',
    inputs: [
      ['contract', 'none'],
      ['tags', asked.tags.join('\n')],
      ['push', 'false'],
      ...inputs,
      ...platform.inputs,
      ...(given('load') ? [] : [['load', 'true'] as const]),
    ],
    env: told.env,
    rows: [
      ...asked.rows,
      ...told.rows,
      ...platform.rows,
      ...asked.tags.map((tag) => same(`--tag ${tag}`, 'tags')),
      same("the image in the runner's Docker, which commands after the build use", 'load: true'),
    ],
    outputs: {},
    notes: [...platform.notes, ...(asked.notes ?? []), ...told.notes],
  };
}

/**
 * The inputs of a build with its arguments. A secret among them is told, and a value that may have lines which would become arguments
 * or labels of their own.
 */
function toldOf(
  asked: BuildAsked,
  tags: readonly string[],
  { from, around, isOneLine }: Pick<ArgumentPlace, 'from' | 'around' | 'isOneLine'>,
): Pick<Draft, 'inputs' | 'env' | 'rows' | 'notes'> | { readonly left: string } {
  const put = (text: string) => inlinedText(text, from.step);
  const inputs = asked.inputs.map(
    ([name, value]) => [name, from.step === around.step ? value : put(value)] as const,
  );
  const settled = settleArguments(
    asked.arguments.map((text) => ({ text, value: isOfOptions(text) ? 'lines' : 'as it is' })),
    { from, around, inputs: [['tags', tags.join('\n')], ...inputs], env: [], put, isOneLine },
  );
  if ('left' in settled) return settled;
  const { lines, env, rows, open } = settled;
  const labels = inputs.find(([name]) => name === 'labels')?.[1].split('\n') ?? [];
  const several =
    open.length > 0 ||
    labels.some((line) => !isOfOptions(line) && mayHaveLines(resolved(line, around), isOneLine));
  return {
    inputs: [
      ...inputs.filter(([name]) => PLACES.includes(name)),
      ...(lines.length > 0 ? [['build-args', lines.join('\n')] as const] : []),
      ...inputs.filter(([name]) => !PLACES.includes(name)),
    ],
    env,
    rows,
    notes: [
      ...(asked.arguments.some(namesSecret) ? [SECRET_ARGUMENT] : []),
      ...(several ? [SEVERAL_LINES] : []),
    ],
  };
}

const PLACES = ['context', 'file'];

const PUSHED = changed(
  'the image',
  'the one that this job has pushed, by its digest, in place of what the tag points to when a task starts',
  'images',
);

/** Where the image is open, `namePushedImages` says which one. */
const ofTheJob = (images: readonly string[]) => [...inputsOfImages(images), ['resolve', 'tag'] as const];

/** The images that commands of the same script push before, where the job pushes no others; nothing where that is not certain. */
function imagesOfScript({ pushed }: DeployPart, around: Surroundings) {
  const judged = pushed.map((name) => judgeNames([name], around));
  const notes = judged.flatMap((each) => ('notes' in each ? [each.notes] : []));
  const repositories = new Set(pushed.map((name) => resolved(repositoryOf(name), around)));
  const others = around.job.steps.some((each) => each.from < around.step.from && mayPush(each));
  const certain = !others && notes.length === pushed.length && repositories.size === pushed.length;
  return certain ? { names: pushed, notes: notes.flat() } : { names: [], notes: [] };
}

/** `aws ecs update-service` as deploy-ecs-service. */
export function draftOfDeploy(part: DeployPart, around: Surroundings): Draft | Refused {
  const { asked, waits } = part;
  const { cluster, service, region, taskDefinition, members } = asked;
  const deploys = taskDefinition !== undefined || members.includes('forceNewDeployment: true');
  if (!deploys) return { kept: 'its `aws ecs update-service` begins no deployment of another version' };
  if (members.some((member) => member === 'desiredCount: 0'))
    return { left: '`--desired-count 0` stops the service, which is no deploy' };
  const images = imagesOfScript(part, around);
  const wait = waits
    ? changed(
        'aws ecs wait services-stable',
        'this deployment is followed to its end, in place of waiting until the service is stable',
      )
    : same('no wait', 'wait: false');
  return {
    action: 'deploy-ecs-service',
    inputs: [
      ['contract', 'none'],
      ['mode', 'deploy'],
      ...(region === undefined ? [] : [['region', region] as const]),
      ...(cluster === undefined ? [] : [['cluster', cluster] as const]),
      ['service', service],
      ...(taskDefinition === undefined ? ofTheJob(images.names) : [['revision', taskDefinition] as const]),
      ...(members.length === 0 ? [] : [['service-update', members.join('\n')] as const]),
      OVERTAKES.input,
      ...(waits ? [] : [['wait', 'false'] as const]),
    ],
    env: [],
    rows: [...asked.rows, ...(taskDefinition === undefined ? [PUSHED] : []), OVERTAKES.row, wait],
    outputs: {},
    notes: images.notes,
  };
}
