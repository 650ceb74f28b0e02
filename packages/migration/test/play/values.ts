import { createHash } from 'node:crypto';
import { piecesOf } from '../../src/expressions.ts';

/** What expressions are read from while a job is played. */
export interface Known {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Steps that sign in at ECR. */
  readonly logins: ReadonlySet<string>;
  /** What a value is that nobody knows: its own name, `true`, or lines with quotes and blanks. */
  readonly unknown: 'its name' | 'true' | 'lines';
}

export const REGISTRY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/** What the runner sets, also as `github.…`. */
export const RUNNER: Readonly<Record<string, string>> = {
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_HEAD_REF: 'topic',
  GITHUB_BASE_REF: 'main',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'acme/orders',
  GITHUB_REPOSITORY_OWNER: 'acme',
  GITHUB_ACTOR: 'alice',
  GITHUB_EVENT_NAME: 'push',
};

/** A text with its expressions put in. */
export function filled(text: string, known: Known): string {
  return piecesOf(text)
    .map((piece) => ('literal' in piece ? piece.literal : textOf(piece.expression, known)))
    .join('');
}

function textOf(expression: string, known: Known): string {
  const [, name] = /^env\.(\w+)$/.exec(expression) ?? [];
  if (name !== undefined) return known.env[name] ?? '';
  const [, context] = /^github\.(\w+)$/.exec(expression) ?? [];
  const own = context === undefined ? undefined : RUNNER[`GITHUB_${context.toUpperCase()}`];
  if (own !== undefined) return own;
  const [, id, output = ''] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
  if (id !== undefined && known.logins.has(id) && output === 'registry') return REGISTRY;
  const outputs = id === undefined ? undefined : known.outputs.get(id);
  if (outputs) return outputs[output] ?? '';
  if (known.unknown === 'its name' || !/^(?:inputs|vars|secrets|needs|matrix)\./.test(expression))
    return tokenOf(expression);
  return known.unknown === 'true' ? 'true' : `${tokenOf(expression)} 'a'\n  it's=$HOME  \n\nlast`;
}

/** A text that no other expression has, and that a shell and a registry take for a name. */
function tokenOf(expression: string): string {
  const name = expression.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.length < 40 ? name : createHash('sha256').update(expression).digest('hex').slice(0, 12);
}
