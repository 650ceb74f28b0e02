import { inlinedText } from '../deploy/render.ts';
import { changed, type Draft, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression, namesSecret, piecesOf } from '../expressions.ts';
import { oneLineOutputs } from '../scripts/one-line-outputs.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { actionOf, type Texts } from '../workflow.ts';
import { type ArgumentPlace, type ArgumentsTold, SEVERAL_LINES, settleArguments } from './build-arguments.ts';
import { rowsOfCopy, whyNoCopy } from './copy.ts';
import { judgeNames, listOf } from './image-names.ts';
import { entriesOf, unquotedLines } from './one-line.ts';
import { leadsOut } from './paths.ts';
import { platformOf } from './platform.ts';

/** Inputs that are called the same and mean the same. */
const SAME = [
  ...[
    'context',
    'file',
    'target',
    'platforms',
    'build-args',
    'build-contexts',
    'labels',
    'annotations',
    'load',
  ],
  ...['no-cache', 'no-cache-filters', 'pull', 'cache-from', 'cache-to', 'secret-files'],
];
const DROPPED: Readonly<Record<string, string>> = {
  provenance: 'without a contract nothing is signed, and nothing is stored beside the image',
  sbom: 'without a contract nothing is signed, and nothing is stored beside the image',
  attests: 'without a contract nothing is signed, and nothing is stored beside the image',
  'github-token': 'no build gets a token of the job',
};
const NOT_THERE = [
  'outputs',
  'add-hosts',
  'allow',
  'network',
  'shm-size',
  'ssh',
  'ulimit',
  'cgroup-parent',
  'call',
];
/** Inputs that are read one by one below. */
const READ = ['tags', 'push', 'secrets', 'secret-envs', 'builder'];

const OUTPUTS = { digest: 'digest', imageid: 'imageid', metadata: 'metadata' };

/**
 * docker/build-push-action as build-and-scan-image. With `loads`, commands after it find the image in Docker and push it, so that its
 * names need not be of ECR.
 */
export function fromBuildPushAction(around: Surroundings, loads: boolean): Draft | Refused {
  const given: Texts = { ...around.step.with, ...(loads && { load: 'true' }) };
  const names = listOf(given['tags'] ?? '');
  if (names.length === 0 && given['outputs'] === undefined)
    return { kept: 'it names no image, so it pushes nothing' };
  const judged =
    names.length > 0 && !loads ? judgeNames(names, around) : { notes: [], ours: names, others: [] };
  if (!('notes' in judged)) return judged;
  const { others } = judged;
  const apart = whyNoCopy(judged, given['push'] === 'true', around);
  if (apart) return apart;
  const missing = NOT_THERE.filter((name) => given[name] !== undefined && given[name] !== '');
  if (missing.length > 0)
    return { left: `build-and-scan-image has no ${missing.map((name) => `\`${name}\``).join(', ')}` };
  const known = [...SAME, ...Object.keys(DROPPED), ...READ];
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return { left: `docker/build-push-action has no input \`${unknown[0]}\` that this command knows` };
  const alone = whyAlone(given['build-args'] ?? '', around);
  if (alone !== undefined) return { left: alone };
  const quoted = Object.keys(given).find((name) => unquotedLines(name, given[name] ?? '') === undefined);
  if (quoted !== undefined)
    return { left: `\`${quoted}\` has a line in quotes with quotes or line breaks in it` };
  const away = whyAway(around);
  if (away !== undefined) return { left: away };
  const secrets = secretsOf(given);
  if ('left' in secrets) return secrets;
  const push = given['push'] === undefined || given['push'] === '' ? 'false' : given['push'];
  const builder = given['builder'];
  const platform = platformOf(around, isGiven(given['platforms']));
  const env = [...secrets.env, ...(isGiven(builder) ? [['BUILDX_BUILDER', builder] as const] : [])].map(
    ([name, value]) => [name, inlinedText(value, around.step)] as const, // no variable of a step sees another one of it
  );
  const settled = argumentsOf(given, { around, inputs: secrets.inputs, env });
  if ('left' in settled) return settled;
  const lists: Texts = { ...given, 'build-args': settled.lines.join('\n') };
  return {
    action: 'build-and-scan-image',
    inputs: [
      ['contract', 'none'],
      ['tags', others.length > 0 ? judged.ours.join('\n') : (given['tags'] ?? '').trimEnd()],
      ['push', push],
      ...SAME.flatMap((name) =>
        isGiven(lists[name]) ? [[name, (unquotedLines(name, lists[name]) ?? '').trimEnd()] as const] : [],
      ),
      ...platform.inputs,
      ...secrets.inputs,
      ...(isGiven(builder) ? [['builder', 'buildx'] as const] : []),
    ],
    env: [...settled.env, ...env],
    rows: [...rowsOf(given, secrets.rows), ...settled.rows, ...platform.rows, ...rowsOfCopy(others)],
    others,
    outputs: OUTPUTS,
    notes: [
      ...judged.notes,
      ...platform.notes,
      ...(namesSecret(given['build-args'] ?? '') ? [SECRET_ARGUMENT] : []),
      ...(settled.open.length > 0 ? [SEVERAL_LINES] : []),
    ],
  };
}

/** The arguments as lines and variables. */
function argumentsOf(
  given: Texts,
  { around, inputs, env }: Pick<ArgumentPlace, 'around' | 'inputs' | 'env'>,
): ArgumentsTold | { readonly left: string } {
  const entries = entriesOf(given['build-args'] ?? '');
  if (entries === undefined) return { left: '`build-args` has quotes that do not enclose a whole line' };
  const others = Object.entries(given).filter(([name]) => !['build-args', 'secrets'].includes(name));
  return settleArguments(
    entries.map(({ text, quoted }) => ({ text, value: quoted ? 'trimmed' : 'lines' })),
    {
      ...{ from: around, around, env, inputs: [...others, ...inputs] },
      put: (text) => inlinedText(text, around.step),
      isOneLine: oneLineOutputs(around),
    },
  );
}

export const SECRET_ARGUMENT =
  'A build argument has a secret, and stays readable in the image, as before. `secrets` and `RUN --mount=type=secret` keep it out.';

/** Why a build argument without a value cannot go on: ours takes it from the `env` of its step, and from nowhere else. */
function whyAlone(lines: string, { step }: Surroundings): string | undefined {
  const names = lines.split('\n').map((line) => line.trim().replace(/^"(.*)"$/, '$1'));
  const name = names.find((line) => /^[A-Za-z_]\w*$/.test(line) && !(line in step.env));
  return (
    name &&
    `its build argument \`${name}\` has no value, and the \`env\` of the step none either: write \`${name}=VALUE\``
  );
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

function rowsOf(given: Readonly<Record<string, string>>, ofSecrets: readonly Row[]): readonly Row[] {
  const rows = Object.keys(given).flatMap((name) => {
    const why = DROPPED[name];
    if (why !== undefined) return [dropped(name, why)];
    if (name === 'builder') return [same(name, 'BUILDX_BUILDER and `builder: buildx`')];
    return name === 'secrets' || name === 'secret-envs' ? [] : [same(name)];
  });
  const left = [
    ...(isGiven(given['push']) ? [] : [same('push (left out)', 'push: false')]),
    ...(isGiven(given['context'])
      ? []
      : [
          changed('context (left out)', 'the checked-out workspace, in place of the commit from its address'),
        ]),
  ];
  return [...rows, ...ofSecrets, ...left];
}

/** Why what is built is not in the workspace. */
function whyAway(around: Surroundings): string | undefined {
  const given = around.step.with;
  const context = isGiven(given['context']) ? given['context'].replace(/^\{\{defaultContext\}\}:?/, '') : '';
  if (leadsOut(resolved(context, around))) return `its context ${context} is no folder of the workspace`;
  if (isGiven(given['file']) && leadsOut(resolved(given['file'], around)))
    return `its Dockerfile ${given['file']} is no file of the workspace`;
  const contexts = listOf(given['build-contexts'] ?? '').filter((each) => /=[a-z-]+:\/\//i.test(each));
  if (contexts.length > 0) return `the build context ${contexts[0]} is no folder of the workspace`;
  const commits = context === '' && around.workflow.kind === 'workflow';
  return !commits || checksOut(around)
    ? undefined
    : 'it builds the commit from its address at GitHub, and the job checks nothing out: add actions/checkout before it';
}

function checksOut({ job, step }: Surroundings): boolean {
  return job.steps.some((each) => each.from < step.from && actionOf(each) === 'actions/checkout');
}

/** A value never stands in an input of ours: each gets a variable of the step. */
function secretsOf(
  given: Readonly<Record<string, string>>,
): Pick<Draft, 'inputs' | 'env' | 'rows'> | { readonly left: string } {
  const [rows, lines, env]: [Row[], string[], (readonly [string, string])[]] = [[], [], []];
  const all = (given['secrets'] ?? '').trim();
  if (isExpression(all) && !isGiven(given['secret-envs'])) return severalOf(all);
  for (const quoted of linesOf(given['secrets'])) {
    const line = quoted.replace(/^"([^"]*)"$/, '$1');
    const [, id, value] = /^([A-Za-z0-9_.-]+)=(.*)$/.exec(line) ?? [];
    if (id === undefined || value === undefined || (!hasExpression(value) && /^["']/.test(value)))
      return { left: `\`secrets\` has a line that is not ID=VALUE, or a value of several lines` };
    const name = `BUILD_SECRET_${id.toUpperCase().replace(/\W/g, '_')}`;
    env.push([name, value]);
    lines.push(`${id}=${name}`);
  }
  if (env.length > 0)
    rows.push(
      changed('secrets', 'each value is in the environment of the step, and `secrets` names the variable'),
    );
  const envs = linesOf(given['secret-envs']);
  if (envs.length > 0) rows.push(same('secret-envs', 'secrets'));
  lines.push(...envs);
  return { inputs: lines.length > 0 ? [['secrets', lines.join('\n')] as const] : [], env, rows };
}

/** An expression that holds any number of lines. */
function severalOf(secrets: string): Pick<Draft, 'inputs' | 'env' | 'rows'> {
  const why =
    'the lines are in a variable of the step, and each is ID=VALUE: a value in quotes, or of several lines, is refused';
  return {
    inputs: [['secrets-variable', 'BUILD_SECRETS']],
    env: [['BUILD_SECRETS', secrets]],
    rows: [changed('secrets', why, 'secrets-variable')],
  };
}

function isExpression(text: string): boolean {
  const pieces = piecesOf(text);
  return pieces.length === 1 && 'expression' in (pieces[0] ?? {});
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
