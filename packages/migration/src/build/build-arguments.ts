import { changed, type Draft, type Row, same } from '../draft.ts';
import { hasExpression, piecesOf, replaceExpressions } from '../expressions.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import { mayHaveLines, SEVERAL } from './one-line.ts';

/** Build arguments as lines of `build-args`, or as a name alone whose value is in the `env` of the step: that may have several lines. */
export interface ArgumentsTold {
  readonly lines: readonly string[];
  readonly env: Draft['env'];
  readonly rows: readonly Row[];
  /** Names whose value may have several lines, and stays in a line. */
  readonly open: readonly string[];
}

export interface ArgumentPlace {
  /** The step whose texts the values are. */
  readonly from: Surroundings;
  /** The step whose `env` the new one has. */
  readonly around: Surroundings;
  /** The other inputs of the new step. */
  readonly inputs: Draft['inputs'];
  /** Variables that the new step gets besides. */
  readonly env: Draft['env'];
  /** A value of `from` as the new step can say it in its `env`, which cannot name the step's own variables. */
  put(text: string): string;
  isOneLine(expression: string): boolean;
}

/**
 * An argument, and how docker gets its value: as it is, with its lines and the blanks around it; without blanks at its end; or as
 * `lines`, each of which is an argument.
 */
export interface ArgumentGiven {
  readonly text: string;
  readonly value: 'as it is' | 'trimmed' | 'lines';
}

/** Variables that programs of a job read for themselves: in the `env` of a step, they would steer it. */
const READ_BY_PROGRAMS =
  /^(?:PATH|HOME|USER|LANG|TZ|TMPDIR|SHELL|PWD|CI|DEBUG|KUBECONFIG|(?:ALL|HTTPS?|NO)_PROXY|TRACEPARENT|SOURCE_DATE_EPOCH|NODE_(?!ENV$).*|GO(?:DEBUG|GC|MAXPROCS|MEMLIMIT|TRACEBACK|COVERDIR)|(?:ACTIONS|AWS|BUILDKIT|BUILDX|DOCKER|EXPERIMENTAL|GIT|GITHUB|GRPC|INPUT|JAEGER|LC|LD|MOBY|OTEL|RUNNER|SSH|SSL|STATE|TENANT_DELIVERY|XDG)_.*)$/i;

const ARGUMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

export function settleArguments(
  given: readonly ArgumentGiven[],
  place: ArgumentPlace,
): ArgumentsTold | { readonly left: string } {
  const [lines, open]: [string[], string[]] = [[], []];
  const env: (readonly [string, string])[] = [];
  const rows: Row[] = [];
  for (const { text, value: got } of given) {
    const [, name, value = ''] = ARGUMENT.exec(text) ?? [];
    const need = got === 'lines' ? 'none' : needOf(value, place);
    if (name === undefined || need === 'none') {
      lines.push(lineOf(text, place));
      continue;
    }
    const why = whyNoVariable(name, value, given, place);
    if (why !== undefined && need === 'sure')
      return { left: `its build argument \`${name}\` ${LINES}, and ${why}` };
    if (why !== undefined) {
      lines.push(lineOf(text, place));
      open.push(name);
      continue;
    }
    lines.push(name);
    if (!isItself(name, value, place)) env.push([name, place.put(value)]);
    const said = `the value of ${name}`;
    const unknown = got === 'trimmed' && hasExpression(value);
    rows.push(unknown ? changed(said, BLANKS, '`env`') : same(said, '`env`'));
  }
  return { lines, env, rows, open };
}

export const SEVERAL_LINES =
  'A build argument or a label has a value that this file does not know. If that value can have several lines, keep the old step: the new one takes each line for an argument of its own.';

const BLANKS = 'blanks at its end stay';
const LINES = 'may have several lines, or blanks at its end';

/** An argument in the words of the new step. */
function lineOf(text: string, { from, around, put }: ArgumentPlace): string {
  return from.step === around.step ? text : put(text);
}

/** Whether a line of an input cannot say a value, or perhaps not. */
function needOf(value: string, { from, isOneLine }: ArgumentPlace): 'sure' | 'perhaps' | 'none' {
  const text = resolved(value, from);
  const plain = replaceExpressions(text, () => 'VALUE');
  if (/[\r\n]/.test(plain) || plain !== plain.trimEnd()) return 'sure';
  if (piecesOf(text).some((piece) => 'expression' in piece && SEVERAL.test(piece.expression))) return 'sure';
  return mayHaveLines(text, isOneLine) ? 'perhaps' : 'none';
}

/** Whether the step has the value under the name of the argument already. */
function isItself(name: string, value: string, { from, around }: ArgumentPlace): boolean {
  return from.step === around.step && name in around.step.env && value === `\${{ env.${name} }}`;
}

/** Why a variable of the step cannot have the name. */
function whyNoVariable(
  name: string,
  value: string,
  given: readonly ArgumentGiven[],
  place: ArgumentPlace,
): string | undefined {
  const { around, inputs, env } = place;
  if (READ_BY_PROGRAMS.test(name)) return `a variable \`${name}\` would steer the programs of the job`;
  const sameName = (other: string) => other.toLowerCase() === name.toLowerCase();
  const secrets = inputs.flatMap(([input, text]) =>
    input === 'secrets' ? text.split('\n').map((line) => line.slice(line.indexOf('=') + 1)) : [],
  );
  if (secrets.some(sameName)) return `the variable \`${name}\` holds a secret of the build`;
  if (isItself(name, value, place)) return undefined;
  if ([...Object.keys(around.step.env), ...env.map(([each]) => each)].some(sameName))
    return `the step has another variable \`${name}\``;
  const members = around.step.members.filter(({ name: member }) => READ_WITH_ENV.includes(member));
  const texts = [
    ...inputs.map(([, text]) => text),
    ...given.map(({ text }) => text).filter((text) => text !== `${name}=${value}`),
    ...members.flatMap((member) => member.lines),
  ];
  const reads = new RegExp(`\\benv\\.${name}\\b|\\benv\\s*(?:\\[|\\))`, 'i');
  return texts.some((text) => reads.test(text))
    ? `the step reads another variable \`${name}\` of the job`
    : undefined;
}

/** Members of a step that its own `env` counts for. */
const READ_WITH_ENV = ['name', 'if', 'continue-on-error', 'timeout-minutes'];
