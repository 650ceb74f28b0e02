import { RUNNERS_VARIABLE } from './build-secrets.ts';
import { failures } from './failures.ts';

/**
 * Names that this action sets, and names that steer BuildKit's frontend. Every other name belongs to the Dockerfile:
 * arguments never reach the environment of the builder's program.
 */
const RESERVED = /^(REGISTRY|SOURCE_DATE_EPOCH|BUILDKIT_.*)$/i;

const ARGUMENT = /^([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s;

/**
 * Variables that the builder's program, or the Go and the C library under it, reads for itself. HTTP_PROXY, HTTPS_PROXY and
 * NO_PROXY are left out, because the builder has the runner's own already.
 */
const STEERS_THE_BUILDER =
  /^(PATH|HOME|USER|LANG|TMPDIR|KUBECONFIG|ALL_PROXY|TRACEPARENT|SSH_(AUTH_SOCK|ASKPASS)|GO(DEBUG|GC|MAXPROCS|MEMLIMIT|TRACEBACK|COVERDIR)|(BUILDKIT|BUILDX|DOCKER|EXPERIMENTAL|GRPC|JAEGER|LC|LD|MOBY|OTEL|SSL|XDG)_.*)$/i;

const SECRET_NAME =
  /(SECRET|PASSWORD|PASSWD|PGPASS|(^|_)PASS($|_)|_PWD$|(BASIC|NPM)_AUTH|PRIVATE_?KEY|CREDENTIAL|(^|_)TOKEN($|_)|API_?KEY|ACCESS_?KEY)/i;

/** What credentials look like: AWS key ids, GitHub and npm tokens, JWTs, private keys, an address with a password. */
const SECRET_VALUE =
  /(\b(AKIA|ASIA)[A-Z2-7]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_|\bnpm_[A-Za-z0-9]{30,}|\beyJ[\w-]+\.eyJ[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]*:[^/\s@]+@)/;

/** The fewest characters of a generated key. Shorter ones look too much like words. */
const LEAST_RANDOM = 20;

/**
 * Whether a part of the text looks like a generated key: it has upper case, lower case and digits, and changes between
 * them more often than any word, version or CamelCase name. (In random base 62, 0.62 of all places are changes.) Commit
 * ids and digests have only two of the three, and are not taken for keys.
 */
function looksGenerated(text: string): boolean {
  return text.split(/[^A-Za-z0-9+/_=-]/).some((word) => {
    const kinds = [...word].map((c) =>
      /[A-Z]/.test(c) ? 'A' : /[a-z]/.test(c) ? 'a' : /\d/.test(c) ? '0' : '-',
    );
    const changes = kinds.filter((kind, n) => n > 0 && kind !== kinds[n - 1]).length;
    const all = ['A', 'a', '0'].every((kind) => kinds.filter((one) => one === kind).length >= 2);
    return word.length >= LEAST_RANDOM && all && changes >= 0.45 * word.length && !/^sha\d+-/.test(word);
  });
}

/** The shortest value that is masked because of its name alone. */
const LEAST_MASKED = 8;

const WORD_OR_NUMBER = /^(\p{L}+|[\d.]+)$/u;

/** What `build-args` says, and where the values of names without one are. */
export interface GivenArguments {
  /** `NAME=VALUE`, or `NAME` alone: the variable of that name, as Docker's `--build-arg NAME`. */
  readonly lines: readonly string[];
  /** The variables that hold secrets of the build. None of them is an argument, whatever a line of text says. */
  readonly secretVariables: readonly string[];
  variable(name: string): string | undefined;
}

/** Build arguments as a builder takes them. */
export interface BuildArguments {
  readonly args: Readonly<Record<string, string>>;
  /** Those whose value came from a variable, and goes on in one: it may have several lines, and no list of processes shows it. */
  readonly fromVariables: readonly string[];
}

/** Build arguments as they are. */
export interface LooseBuildArguments extends BuildArguments {
  /** The names of those that look like a credential, by name or value. */
  readonly suspicious: readonly string[];
  /** Their values, but for those that may turn up anywhere: GitHub drops an output of a job that holds a masked value. */
  readonly masked: readonly string[];
}

/**
 * Reads the lines as Docker does, for a build that nobody has promised anything about. A time of one's own is refused: it is
 * the commit's in every builder.
 */
export function looseBuildArguments(given: GivenArguments): LooseBuildArguments {
  const read = readLines(given, (name) => (name === 'SOURCE_DATE_EPOCH' ? `${name} is reserved` : undefined));
  const suspicious = Object.entries(read.args)
    .filter(([name, value]) => value !== '' && (SECRET_NAME.test(name) || looksSecret(value)))
    .map(([name]) => name);
  const masked = suspicious.map((name) => read.args[name] ?? '').filter(isMasked);
  return { ...read, suspicious, masked };
}

function isMasked(value: string): boolean {
  return looksSecret(value) || (value.length >= LEAST_MASKED && !WORD_OR_NUMBER.test(value));
}

function looksSecret(value: string): boolean {
  return SECRET_VALUE.test(value) || looksGenerated(value);
}

/** Reads the lines, and refuses every name that is reserved and every argument that looks like a credential. */
export function readBuildArguments(given: GivenArguments): BuildArguments {
  return readLines(given, (name, value) => {
    if (RESERVED.test(name)) return `${name} is reserved`;
    if (SECRET_NAME.test(name)) return `${name} is the name of a secret; give it by secrets or secret-files`;
    return looksSecret(value)
      ? `the value of ${name} looks like a credential; give it by secrets or secret-files`
      : undefined;
  });
}

/** BUILD_ARGUMENT_RESERVED lists every mistake, and never shows a value. */
function readLines(
  given: GivenArguments,
  refused: (name: string, value: string) => string | undefined,
): BuildArguments {
  const args: Record<string, string> = {};
  const fromVariables: string[] = [];
  const mistakes: string[] = [];
  for (const [n, line] of given.lines.entries()) {
    const [, name, written] = ARGUMENT.exec(line) ?? [];
    if (name === undefined) {
      mistakes.push(`line ${n + 1} is neither NAME=VALUE nor NAME`);
      continue;
    }
    const value = written ?? given.variable(name) ?? '';
    const mistake =
      refused(name, value) ??
      (Object.hasOwn(args, name) ? `${name} is given twice` : undefined) ??
      (written === undefined ? whyNotTaken(name, given) : undefined);
    if (mistake !== undefined) mistakes.push(mistake);
    else args[name] = value;
    if (written === undefined) fromVariables.push(name);
  }
  if (mistakes.length > 0) throw failures.buildArgumentReserved(mistakes);
  return { args, fromVariables };
}

/** Why a name alone does not get the value of its variable. */
function whyNotTaken(name: string, { secretVariables, variable }: GivenArguments): string | undefined {
  if (secretVariables.includes(name)) return `${name} holds a secret of this build`;
  if (RUNNERS_VARIABLE.test(name)) return `${name} alone is a variable of the runner; write ${name}=VALUE`;
  if (STEERS_THE_BUILDER.test(name))
    return `${name} alone would steer the builder, which gets it as a variable; write ${name}=VALUE`;
  return variable(name) === undefined
    ? `${name} has no value, and this step's env: sets no variable of that name`
    : undefined;
}
