import { stringify } from 'yaml';
import { changed, type Row, same } from '../draft.ts';
import { asExpression, hasExpression, onlyExpression, piecesOf } from '../expressions.ts';
import type { Texts } from '../workflow.ts';

const TO = 'task-definition-patch';
const DRIVER = 'log-configuration-log-driver';
const OPTIONS = 'log-configuration-options';
const ROLES = { 'task-role-arn': 'taskRoleArn', 'execution-role-arn': 'executionRoleArn' } as const;

/** In place of an expression until the text is written, because YAML would quote it. */
const TOKEN = '\uE002';

/** What the renders of a deploy change in the task definition beside images and variables, as one merge patch. */
export class DefinitionPatch {
  readonly #roles = new Map<string, string>();
  readonly #containers = new Map<string, Map<string, unknown>>();
  readonly #expressions: string[] = [];

  set(containers: readonly string[], member: string, value: unknown): void {
    for (const container of containers) {
      const members = this.#containers.get(container) ?? new Map<string, unknown>();
      this.#containers.set(container, members.set(member, value));
    }
  }

  /** The inputs of one render, for its containers. */
  take(
    given: Texts,
    containers: readonly string[],
  ): { readonly rows: readonly Row[] } | { readonly left: string } {
    const refused = whyNot(given);
    if (refused !== undefined)
      return { left: `\`${refused}\` of the render is an expression, and only its run knows what it sets` };
    const rows: Row[] = [];
    const set = (name: string, member: string, value: unknown) => {
      this.set(containers, member, value);
      rows.push(same(name, TO));
    };
    const [driver, options] = [given[DRIVER], given[OPTIONS]];
    if (isGiven(driver) || isGiven(options)) {
      set(isGiven(driver) ? DRIVER : OPTIONS, 'logConfiguration', {
        ...(isGiven(driver) && { logDriver: driver }),
        ...(isGiven(options) && { options: this.#pairs(options) }),
      });
      if (isGiven(options))
        rows.splice(-1, 1, ...(isGiven(driver) ? [same(DRIVER, TO)] : []), pairsRow(OPTIONS, options));
    }
    const labels = given['docker-labels'];
    if (isGiven(labels)) {
      this.set(containers, 'dockerLabels', this.#pairs(labels));
      rows.push(pairsRow('docker-labels', labels));
    }
    if (isGiven(given['command'])) set('command', 'command', given['command'].split(' '));
    const files = linesIn(given['env-files']);
    if (files.length > 0)
      set(
        'env-files',
        'environmentFiles',
        files.map((value) => ({ type: 's3', value })),
      );
    for (const [name, member] of Object.entries(ROLES)) {
      const value = given[name];
      if (!isGiven(value)) continue;
      this.#roles.set(member, value);
      rows.push(same(name, TO));
    }
    return { rows };
  }

  /** A value of an expression as JSON, so that YAML changes nothing of it, whatever it is. */
  #pairs(text: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      pairsIn(text).map(([name, value]) => [name, hasExpression(value) ? this.#token(value) : value]),
    );
  }

  #token(value: string): string {
    this.#expressions.push(`\${{ toJSON(${asExpression(value)}) }}`);
    return `${TOKEN}${this.#expressions.length - 1}${TOKEN}`;
  }

  /** Nothing where no render changed anything of it. */
  text(): string | undefined {
    const roles = [...this.#roles].map(([member, value]) => roleLine(member, value));
    const definitions = Object.fromEntries(
      [...this.#containers].map(([container, members]) => [container, Object.fromEntries(members)]),
    );
    const lines = [
      ...roles,
      ...(this.#containers.size > 0 ? [quoted({ containerDefinitions: definitions })] : []),
    ];
    const text = lines.join('\n');
    const token = new RegExp(`"${TOKEN}(\\d+)${TOKEN}"`, 'g');
    return text === ''
      ? undefined
      : text.replace(token, (_, at: string) => this.#expressions[Number(at)] ?? '');
  }
}

/** A role that an expression does not give stays what it is. */
function roleLine(member: string, value: string): string {
  if (!hasExpression(value)) return quoted({ [member]: value });
  const text = asExpression(value);
  return `\${{ ${text} != '' && format('${member}: {0}', toJSON(${text})) || '' }}`;
}

/** An input that is split at run time: a command into words, files into lines, a driver that may be none. */
function whyNot(given: Texts): string | undefined {
  return [
    ...['command', DRIVER].filter((name) => hasExpression(given[name] ?? '')),
    ...['env-files'].filter((name) =>
      linesIn(given[name]).some((line) => onlyExpression(line) !== undefined),
    ),
    ...['docker-labels', OPTIONS].filter((name) => linesIn(given[name]).some((line) => !isPair(line))),
  ][0];
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

const linesIn = (text = '') =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const isPair = (line: string) => /^[^=$]+=/.test(line);

function pairsIn(text: string): readonly (readonly [name: string, value: string])[] {
  return linesIn(text).map((line) => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
}

function pairsRow(name: string, text: string): Row {
  const cut = pairsIn(text).some(([, value]) =>
    piecesOf(value).some((piece) => 'literal' in piece && piece.literal.includes('=')),
  );
  if (pairsIn(text).some(([, value]) => hasExpression(value)))
    return changed(
      name,
      'a value of an expression is taken whole: the action cut it at its second `=` or line',
      TO,
    );
  return cut ? changed(name, 'the whole value: the action cut it at its second `=`', TO) : same(name, TO);
}

/** Every value in quotes, so that YAML changes none of what an expression becomes. */
function quoted(patch: Readonly<Record<string, unknown>>): string {
  return stringify(patch, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    aliasDuplicateObjects: false,
    lineWidth: 0,
  }).trimEnd();
}
