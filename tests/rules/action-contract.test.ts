import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { main, type Outcome } from '@tenant-delivery/action-kit/main';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const actions = globSync('actions/*/action.yml', { cwd: root })
  .map((file) => file.split('/')[1] ?? '')
  .sort();

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, { description?: string; required?: boolean; default?: string }>>;
  readonly outputs?: Readonly<Record<string, { description?: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

function read(action: string, file: string): string {
  return readFileSync(join(root, 'actions', action, file), 'utf8');
}

async function load(action: string, file: string): Promise<Record<string, unknown>> {
  return (await import(join(root, 'actions', action, 'src', file))) as Record<string, unknown>; // a module's names
}

describe.each(actions)('the action %s', (action) => {
  const file = parse(read(action, 'action.yml')) as ActionFile; // GitHub's own schema is checked by workflows.test.ts

  it('is started from the shared dist on Node 24', () => {
    expect(file.runs).toMatchObject({ using: 'node24', main: `../../dist/${action}.mjs` });
    expect(file.runs.post !== undefined).toBe(existsSync(join(root, 'actions', action, 'src/post.ts')));
  });

  it('has its page, its workspace, its source and its tests where everybody looks for them', () => {
    for (const path of ['README.md', 'package.json', 'src/run.ts', 'test'])
      expect([path, existsSync(join(root, 'actions', action, path))]).toEqual([path, true]);
  });

  it('declares the inputs that it reads, and no others', async () => {
    const { inputs } = await load(action, 'inputs.ts');
    expect(Object.keys(file.inputs ?? {}).sort()).toEqual(Object.keys(inputs as object).sort());
  });

  it('requires what has no default, and accepts its own defaults', async () => {
    const { inputs } = await load(action, 'inputs.ts');
    const readers = inputs as Readonly<Record<string, (given: string) => object>>; // as readInputs takes them
    for (const [name, { required, default: given = '' }] of Object.entries(file.inputs ?? {})) {
      const told = given.startsWith('${{') || 'value' in (readers[name]?.(given) ?? {});
      expect([name, required === true || told]).toEqual([name, true]);
    }
  });

  it('judges its inputs before it loads a client', () => {
    const main = read(action, 'src/main.ts');
    const early = [...main.matchAll(/^import .* from '([^']+)';$/gm)].map(([, from = '']) => from);
    expect(early.filter((from) => /aws|world|run\.ts/.test(from))).toEqual([]);
    const [judged, loaded] = [main.search(/= (?:await )?read\w+\(/), main.search(/\bimport\(/)];
    expect([judged > 0, judged < loaded]).toEqual([true, true]);
  });

  it('explains every input and output', () => {
    for (const [name, input] of Object.entries(file.inputs ?? {})) {
      expect([name, input.description?.trim()]).not.toEqual([name, undefined]);
      expect([name, typeof input.required]).toEqual([name, 'boolean']);
    }
    for (const name of ['outcome', 'reason-code', 'result'])
      expect(Object.keys(file.outputs ?? {})).toContain(name);
    for (const [name, output] of Object.entries(file.outputs ?? {})) {
      expect([name, (output.description ?? '').trim() !== '']).toEqual([name, true]);
    }
  });

  it('has a page for each of its failures', async () => {
    const { failures } = await load(action, 'failures.ts');
    for (const { code } of Object.values(failures as Record<string, { code: string }>)) {
      expect([code, existsSync(join(root, 'docs/failures', `${code}.md`))]).toEqual([code, true]);
    }
  });

  it('has a page for each reason that it names beside its failures', () => {
    const named = file.outputs?.['reason-code']?.description?.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [];
    expect(named.filter((code) => !existsSync(join(root, 'docs/failures', `${code}.md`)))).toEqual([]);
  });

  it('shows the permissions that its example needs', () => {
    expect(read(action, 'README.md')).toMatch(/permissions:/);
  });

  it('says on its page how it can fail', () => {
    expect(read(action, 'README.md')).toMatch(/^## Failures$/m);
  });
});

describe('every failure code', () => {
  const sources = globSync('{packages,actions,local}/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !/\/(local-aws|local-github|testkit|release)\//.test(file),
  );
  const codes = new Set(
    sources.flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:\bfailure(?:<[^(]*>)?|new Failure)\(\s*'([A-Z][A-Z0-9_]+)'/g,
        ),
      ].map((match) => match[1] ?? ''),
    ),
  );
  const pages = globSync('docs/failures/*.md', { cwd: root, exclude: ['docs/failures/README.md'] }).map(
    (file) => file.split('/')[2]?.replace('.md', '') ?? '',
  );

  it('has a page that says what happened, why it stops here and what to do', () => {
    expect([...codes].filter((code) => !pages.includes(code))).toEqual([]);
    for (const page of pages) {
      const text = readFileSync(join(root, 'docs/failures', `${page}.md`), 'utf8');
      // a run that only looks goes on to its end whatever it finds
      const why = /^ENVIRONMENT_(WRONG|UNKNOWN)$/.test(page) ? '## Why it matters' : '## Why it stops here';
      for (const part of [`# ${page}`, '## What happened', why, '## What to do']) {
        expect([page, part, text.includes(part)]).toEqual([page, part, true]);
      }
    }
  });

  /** The pages that a reader gets to, from the annotation and from the summary of a step that ends like this. */
  const linkedFrom = async (end: () => Promise<Outcome>) => {
    const runner = fakeRunner();
    await main('an-action', runner, end);
    const { serverUrl, actionRepository, actionRef } = runner.context;
    const address = `${serverUrl}/${actionRepository}/blob/${actionRef}/`;
    const pagesIn = (text: string, form: RegExp) =>
      [...text.matchAll(form)].flatMap(([, link = '']) =>
        link.startsWith(address) ? [link.slice(address.length)] : [],
      );
    const annotation = runner.errors.map(({ headline }) => headline).join('\n');
    return [pagesIn(annotation, /(http\S+)/g), pagesIn(runner.summaries.join('\n'), /\]\(([^)]+)\)/g)];
  };

  it.each([...new Set([...codes, ...pages])].sort())(
    '%s is linked from annotation and summary',
    async (code) => {
      const page = `docs/failures/${code}.md`;
      const stopped = await linkedFrom(async () => {
        throw new Failure(code, 'It is wrong.', 'Mend it.');
      });
      const ended = await linkedFrom(async () => ({
        outcome: 'failed',
        reasonCode: code,
        ok: false,
        headline: 'It went badly.',
        facts: {},
        summary: '### It went badly',
      }));
      expect({ stopped, ended }).toEqual({ stopped: [[page], [page]], ended: [[page], [page]] });
      expect([page, existsSync(join(root, page))]).toEqual([page, true]);
    },
  );

  it('is still raised somewhere: a page without its code misleads', () => {
    const said = sources.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    expect(pages.filter((page) => !codes.has(page) && !said.includes(`'${page}'`))).toEqual([]); // or an outcome's reason
  });

  it('is reached by a test', () => {
    const tests = globSync('{{packages,actions,local}/*/test,tests}/**/*.ts', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    expect([...codes].filter((code) => code !== 'UNEXPECTED' && !tests.includes(code))).toEqual([]);
  });
});
