import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Release } from './release.ts';
import type { FileAt, Job, Member, Step, Texts, Workflow } from './workflow.ts';

/** Where things are in the text. */
interface Place {
  readonly lines: readonly string[];
  /** Line of an offset, counted from 0. */
  lineOf(offset: number): number;
  columnOf(offset: number): number;
}

type Read = Workflow | { readonly mistakes: readonly string[] };

/** A workflow or a composite action. The text is never printed again: what is read here knows its lines. */
export function readWorkflow(text: string, release: Release, fileAt: FileAt): Read {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false });
  const [document, ...more] = [...documents];
  if (!document) return { mistakes: ['it is empty'] };
  if (more.length > 0)
    return { mistakes: [`it has ${more.length + 1} YAML documents, and GitHub reads one`] };
  const [error] = document.errors;
  if (error) {
    const { line, col } = counter.linePos(error.pos[0]);
    return { mistakes: [`line ${line}, column ${col}: it is not YAML: ${error.message}`] };
  }
  const root = document.contents;
  if (!isMap(root)) return { mistakes: ['it has no members: a workflow has `jobs`, an action has `runs`'] };
  const eol: Workflow['eol'] = text.includes('\r\n') ? '\r\n' : '\n';
  const place: Place = {
    lines: text.split(/\r?\n/),
    lineOf: (offset) => counter.linePos(offset).line - 1,
    columnOf: (offset) => counter.linePos(offset).col - 1,
  };
  const whole = {
    lines: text.split('\n'),
    eol,
    env: textsOf(mapIn(root, 'env')),
    release,
    fileAt,
  } as const;
  const jobs = mapIn(root, 'jobs');
  if (jobs)
    return { kind: 'workflow', ...whole, jobs: jobs.items.flatMap((pair) => readJob(pair, root, place)) };
  const steps = mapIn(root, 'runs')?.get('steps', true);
  if (!steps)
    return {
      mistakes: ['it has neither `jobs`, as a workflow has, nor `runs.steps`, as a composite action has'],
    };
  const job = {
    id: 'runs',
    env: {},
    condition: '',
    steps: readSteps(steps, place),
    workingDirectory: undefined,
    shell: undefined,
    runsOn: '',
    calls: undefined,
  };
  return { kind: 'composite action', ...whole, jobs: [{ ...job, from: 0, to: place.lines.length - 1 }] };
}

function readJob(pair: Pair, root: YAMLMap, place: Place): readonly Job[] {
  const { key, value: job } = pair;
  if (!isScalar(key) || !isMap(job)) return [];
  const calls = textOf(job.get('uses', true));
  const runsOn = job.get('runs-on', true) ? String(job.get('runs-on', true)) : '';
  return [
    {
      id: String(key.value),
      env: textsOf(mapIn(job, 'env')),
      condition: textOf(job.get('if', true)) ?? '',
      steps: readSteps(job.get('steps', true), place),
      workingDirectory: ofRun(job, 'working-directory') ?? ofRun(root, 'working-directory'),
      shell: ofRun(job, 'shell') ?? ofRun(root, 'shell') ?? (/windows/i.test(runsOn) ? 'pwsh' : undefined),
      runsOn,
      calls,
      from: place.lineOf(key.range?.[0] ?? 0),
      to: lastLine(job, place),
    },
  ];
}

/** A member of `defaults.run`. */
function ofRun(node: YAMLMap, name: string): string | undefined {
  const run = mapIn(node, 'defaults')?.get('run', true);
  return isMap(run) ? textOf(run.get(name, true)) : undefined;
}

function readSteps(steps: unknown, place: Place): readonly Step[] {
  if (!isSeq(steps)) return [];
  const read = steps.items.flatMap((item) =>
    isMap(item) ? [readStep(item, steps.flow === true, place)] : [],
  );
  const shared = 'the steps of this job have an anchor of YAML, and another job may share them';
  return steps.anchor === undefined ? read : read.map((step) => ({ ...step, fixed: step.fixed ?? shared }));
}

function readStep(step: YAMLMap, inFlow: boolean, place: Place): Step {
  const start = step.range?.[0] ?? 0;
  const { from, dash } = dashOf(start, place);
  const to = lastLine(step, place);
  const text = (name: string) => textOf(step.get(name, true));
  return {
    id: text('id'),
    name: text('name'),
    uses: text('uses'),
    run: text('run'),
    shell: text('shell'),
    workingDirectory: text('working-directory'),
    with: textsOf(mapIn(step, 'with')),
    env: textsOf(mapIn(step, 'env')),
    members: step.flow ? [] : membersOf(step, place),
    from,
    to,
    dash,
    fixed: whyFixed(step, inFlow, dash),
  };
}

/** Where a step begins, and what stands before its first member; a dash on a line of its own counts as one before it. */
function dashOf(start: number, place: Place): { readonly from: number; readonly dash: string } {
  const [from, column] = [place.lineOf(start), place.columnOf(start)];
  const dash = (place.lines[from] ?? '').slice(0, column);
  const [, indent] = /^( *)- *$/.exec(place.lines[from - 1] ?? '') ?? [];
  return indent !== undefined && dash === `${indent}  `
    ? { from: from - 1, dash: `${indent}- ` }
    : { from, dash };
}

function whyFixed(step: YAMLMap, inFlow: boolean, dash: string): string | undefined {
  if (inFlow) return 'the steps of this job are written as one list in brackets';
  if (step.flow) return 'the step is written in braces';
  if (!/^ *- +$/.test(dash)) return 'the step does not begin on the line of its dash';
  let shared = false;
  visit(step, {
    Alias: () => {
      shared = true;
      return visit.BREAK;
    },
    Node: (_, node) => {
      if (!('anchor' in node) || !node.anchor) return undefined;
      shared = true;
      return visit.BREAK;
    },
  });
  return shared ? 'it has an anchor or an alias of YAML, and other places may share it' : undefined;
}

function membersOf(step: YAMLMap, place: Place): readonly Member[] {
  return step.items.flatMap((pair) => {
    const key = pair.key;
    if (!isScalar(key)) return [];
    const start = key.range?.[0] ?? 0;
    const from = place.lineOf(start);
    const to = Math.max(from, pair.value ? lastLine(pair.value as Node, place) : from);
    const [head = '', ...rest] = place.lines.slice(from, to + 1);
    return [{ name: String(key.value), lines: [head.slice(place.columnOf(start)), ...rest] }];
  });
}

/** The line on which the last value of a node ends: comments and empty lines below it belong to what follows. */
function lastLine(node: unknown, place: Place): number {
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const item: unknown = node.items.at(-1);
    const last = isMap(node) ? ((item as Pair | undefined)?.value ?? (item as Pair | undefined)?.key) : item;
    if (last) return lastLine(last, place);
  }
  const [start, end] = rangeOf(node);
  let line = place.lineOf(Math.max(start, end - 1));
  while (line > place.lineOf(start) && (place.lines[line] ?? '').trim() === '') line -= 1;
  return line;
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { readonly range?: readonly [number, number, number] | null }).range;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}

function mapIn(node: YAMLMap, name: string): YAMLMap | undefined {
  const found = node.get(name, true);
  return isMap(found) ? found : undefined;
}

function textsOf(map: YAMLMap | undefined): Texts {
  const texts: Record<string, string> = {};
  for (const { key, value } of map?.items ?? []) {
    if (isScalar(key)) texts[String(key.value)] = textOf(value) ?? '';
  }
  return texts;
}

/** A value as the file writes it: `012` stays `012`. Nothing for what is no text. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || isAlias(node)) return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? '' : (node.source ?? String(node.value));
}
