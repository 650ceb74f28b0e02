import { stringify } from 'yaml';
import type { Decision, NewStep } from './new-step.ts';
import type { Member, Step, Workflow } from './workflow.ts';

/** Members that a new step has from the old one. */
const CARRIED = ['if', 'env', 'continue-on-error', 'timeout-minutes'];

/** The lines of an old step as comments, with a line above that says where its work is now. */
export function commentedStep(step: Step, decision: Decision, workflow: Workflow): readonly string[] {
  const indent = ' '.repeat(step.dash.search(/\S/));
  const says =
    decision.kind === 'merged'
      ? `tenant-delivery migrate: this is now a part of the step "${decision.into}" below.`
      : 'tenant-delivery migrate: replaced by what is below. Delete these lines once that has run.';
  const old = workflow.lines
    .slice(step.from, step.to + 1)
    .map((line) => ended(commented(line, indent), workflow));
  return [ended(`${indent}# ${says}`, workflow), ...old];
}

function commented(line: string, indent: string): string {
  const rest = line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
  return rest.trim() === '' ? `${indent}#${rest}` : `${indent}# ${rest}`;
}

/** The new steps that stand below. */
export function newStepLines(step: Step, by: readonly NewStep[], workflow: Workflow): readonly string[] {
  return by.flatMap((each) => stepLines(step, each, workflow)).map((line) => ended(line, workflow));
}

function ended(line: string, { eol }: Workflow): string {
  return eol === '\r\n' && !line.endsWith('\r') ? `${line}\r` : line;
}

function stepLines(old: Step, step: NewStep, { release }: Workflow): readonly string[] {
  const indent = ' '.repeat(old.dash.length);
  const members = [...heads(old, step), ...body(step)];
  const lines = members.flatMap(({ lines: [head = '', ...rest] }) => [`${indent}${head}`, ...rest]);
  const [first = '', ...others] = lines;
  return [`${old.dash}${first.slice(indent.length)}`, ...others].map((line) => line.replace(/\r$/, ''));

  /** A member of this step that is written again. */
  function made(name: string, value: unknown): Member {
    return { name, lines: printed(name, value, indent) };
  }

  function heads(from: Step, to: NewStep): readonly Member[] {
    const theirs = to.does.kind === 'theirs';
    const name = from.members.find((member) => member.name === 'name');
    const carried = from.members.filter(
      ({ name: each }) =>
        CARRIED.includes(each) && !(theirs && each === 'env') && !(to.when !== undefined && each === 'if'),
    );
    const id = from.members.find((member) => member.name === 'id');
    return [
      ...(name && !theirs ? [to.suffix === '' ? name : made('name', `${from.name ?? ''}${to.suffix}`)] : []),
      ...(to.id === undefined ? [] : [id && to.id === from.id ? id : made('id', to.id)]),
      ...(to.when === undefined ? [] : [made('if', to.when)]),
      ...carried.flatMap((member) => withMore(member, from, to)),
      ...(to.env.length > 0 && !carried.some((member) => member.name === 'env')
        ? [made('env', Object.fromEntries(to.env))]
        : []),
    ];
  }

  /** `env` whole, because credentials and a region are read by name, with what the new step needs beside it. */
  function withMore(member: Member, from: Step, to: NewStep): readonly Member[] {
    if (member.name !== 'env' || to.env.length === 0) return [member];
    const inLines = /^env:\s*(?:#.*)?$/.test(member.lines[0] ?? '');
    if (!inLines || to.env.some(([name]) => Object.hasOwn(from.env, name)))
      return [made('env', { ...from.env, ...Object.fromEntries(to.env) })];
    const inner =
      /^ */.exec(
        member.lines.slice(1).find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '',
      )?.[0] ?? '';
    const more = to.env.flatMap(([name, value]) => {
      const [head = '', ...rest] = printed(name, value, inner);
      return [`${inner}${head}`, ...rest];
    });
    return [{ name: 'env', lines: [...member.lines, ...more] }];
  }

  function body({ does, inputs }: NewStep): readonly Member[] {
    if (does.kind === 'script')
      return [
        made('run', `${does.script}\n`),
        ...(does.shell === undefined ? [] : [made('shell', does.shell)]),
        ...(does.folder === undefined ? [] : [made('working-directory', does.folder)]),
      ];
    const uses =
      does.kind === 'theirs' ? does.uses : `${release.repository}/actions/${does.action}@${release.ref}`;
    const given =
      inputs.length === 0
        ? []
        : [made('with', Object.fromEntries(inputs.map(([name, value]) => [name, typed(name, value)])))];
    return [{ name: 'uses', lines: [`uses: ${uses}`] }, ...given];
  }
}

/** Numbers and switches stand without quotes, as people write them; an account or an id that looks like a number does not. */
function typed(name: string, value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return /minutes$/.test(name) && /^[1-9]\d*$/.test(value) ? Number(value) : value;
}

/** `name: value` in lines; all but the first with their indentation. */
function printed(name: string, value: unknown, indent: string): readonly string[] {
  const text = stringify(
    { [name]: value },
    { lineWidth: 0, blockQuote: endsInBlanks(value) ? false : 'literal' },
  ).trimEnd();
  return text.split('\n').map((line, index) => (index === 0 || line === '' ? line : `${indent}${line}`));
}

/** Whether a value, or one in it, has at its end what a block of lines does not keep. */
function endsInBlanks(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(endsInBlanks);
  return typeof value === 'string' && /[ \t]\n*$|\n\n$|\r/.test(value);
}
