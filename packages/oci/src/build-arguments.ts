import { failures } from './failures.ts';

/**
 * Names that this action sets, and names that steer BuildKit's frontend. Every other name belongs to the Dockerfile:
 * arguments never reach the environment of the builder's program.
 */
const RESERVED = /^(REGISTRY|SOURCE_DATE_EPOCH|BUILDKIT_.*)$/i;

const ARGUMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

const SECRET_NAME = /(SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|CREDENTIAL|(^|_)TOKEN($|_)|API_?KEY|ACCESS_?KEY)/i;

/** What credentials look like: AWS key ids, GitHub and npm tokens, JWTs, private keys, an address with a password. */
const SECRET_VALUE =
  /(\b(AKIA|ASIA)[A-Z2-7]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_|\bnpm_[A-Za-z0-9]{30,}|\beyJ[\w-]+\.eyJ[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]+:[^/\s@]+@)/;

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

/** Build arguments as they are. */
export interface LooseBuildArguments {
  readonly args: Readonly<Record<string, string>>;
  /** The names of those that look like a credential, by name or value. */
  readonly suspicious: readonly string[];
  /** Their values, but for those that may turn up anywhere: GitHub drops an output of a job that holds a masked value. */
  readonly masked: readonly string[];
}

/**
 * Reads `NAME=VALUE` lines as Docker does, for a build that nobody has promised anything about. A time of one's own is
 * refused: it is the commit's in every builder.
 */
export function looseBuildArguments(lines: readonly string[]): LooseBuildArguments {
  const args: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const [n, line] of lines.entries()) {
    const [, name, value = ''] = ARGUMENT.exec(line) ?? [];
    if (name === undefined) mistakes.push(`line ${n + 1} is not NAME=VALUE`);
    else if (name === 'SOURCE_DATE_EPOCH') mistakes.push(`${name} is reserved`);
    else if (Object.hasOwn(args, name)) mistakes.push(`${name} is given twice`);
    else args[name] = value;
  }
  if (mistakes.length > 0) throw failures.buildArgumentReserved(mistakes);
  const suspicious = Object.entries(args)
    .filter(([name, value]) => value !== '' && (SECRET_NAME.test(name) || looksSecret(value)))
    .map(([name]) => name);
  const masked = suspicious.map((name) => args[name] ?? '').filter(isMasked);
  return { args, suspicious, masked };
}

function isMasked(value: string): boolean {
  return looksSecret(value) || (value.length >= LEAST_MASKED && !WORD_OR_NUMBER.test(value));
}

function looksSecret(value: string): boolean {
  return SECRET_VALUE.test(value) || looksGenerated(value);
}

/**
 * Reads `NAME=VALUE` lines. BUILD_ARGUMENT_RESERVED lists every name that is reserved and every argument that looks like a
 * credential. It never shows a value.
 */
export function readBuildArguments(lines: readonly string[]): Readonly<Record<string, string>> {
  const args: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const [n, line] of lines.entries()) {
    const [, name, value = ''] = ARGUMENT.exec(line) ?? [];
    if (name === undefined) mistakes.push(`line ${n + 1} is not NAME=VALUE`);
    else if (RESERVED.test(name)) mistakes.push(`${name} is reserved`);
    else if (SECRET_NAME.test(name))
      mistakes.push(`${name} is the name of a secret; give it by secrets or secret-files`);
    else if (looksSecret(value))
      mistakes.push(`the value of ${name} looks like a credential; give it by secrets or secret-files`);
    else if (Object.hasOwn(args, name)) mistakes.push(`${name} is given twice`);
    else args[name] = value;
  }
  if (mistakes.length > 0) throw failures.buildArgumentReserved(mistakes);
  return args;
}
