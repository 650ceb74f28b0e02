import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { boundedTimeline, type TimelineEntry } from '@tenant-delivery/deployment/follow/timeline';
import { rolloutDiagram } from '../../src/report/rollout-diagram.ts';

/** What `render-drawings.mjs` answers of one drawing. */
type Drawn =
  | { readonly error: string }
  | {
      readonly texts: readonly string[];
      readonly bars: number;
      readonly elements: readonly string[];
      readonly links: number;
      readonly configured: boolean;
    };

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 24, 9, 0, seconds)).toISOString();

/** A rollout in which whatever others name has this name. */
function timelineOf(name: string): readonly TimelineEntry[] {
  const entry = { until: null, zone: null, ended: null };
  return boundedTimeline([
    { ...entry, kind: 'stage', name, from: at(0), until: at(30) },
    { ...entry, kind: 'stage', name: 'ROLLBACK_IN_PROGRESS', from: at(30) },
    { ...entry, kind: 'task', name, from: at(2), until: at(20), zone: name, ended: name },
    { ...entry, kind: 'task', name: 'b'.repeat(32), from: at(3), zone: 'eu-west-1b' },
    { ...entry, kind: 'event', name, from: at(4) },
  ]);
}

const HOSTILE: Readonly<Record<string, string>> = {
  'a fence': '```\n# out of the drawing\n```mermaid',
  backticks: '`whoami` ``` `',
  colons: 'a:b :crit, 2026-01-01, 1d: after x :: ',
  semicolons: 'a; section evil; click x href "https://evil.example";',
  'a directive': '%%{init: {"theme": "dark", "securityLevel": "loose"}}%%',
  'a directive of many lines': '%%{\ninit: {"securityLevel": "loose"}\n}%%\n%% comment',
  'front matter': '---\nconfig:\n  theme: dark\n---',
  quotes: `"double" 'single' \u201ccurly\u201d \\" \\n`,
  'lines and controls': 'one\ntwo\r\nthree\u2028four\u2029five\u0000six\u001b[31m',
  HTML: '<img src=x onerror=alert(1)><script>alert(1)</script></svg><a href="javascript:alert(1)">x</a>',
  entities: '#lt;img#gt; &lt;b&gt; &#x3c;i&#x3e; #35;',
  'words of the grammar': 'section title dateFormat axisFormat excludes click done crit milestone end',
  'a call': 'click task1 call alert("x")',
  brackets: '[[x]] {{y}} ((z)) |a| <<b>>',
  maths: '$$\\href{https://evil.example}{x}$$',
  emoji: '\u{1f525} \u202eesrever\u202c \u0645\u0631\u062d\u0628\u0627',
  'nothing at all': '',
  spaces: ' \t ',
  'a very long text': 'long '.repeat(20_000),
};

/** Strips the fence, as GitHub does. */
const inside = (markdown: string) => markdown.replace(/^```mermaid\n/, '').replace(/\n```$/, '');

/** One process for all drawings: Mermaid takes most of a second to load. */
function render(drawings: readonly string[]): Promise<readonly Drawn[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'render-drawings.mjs')],
      { maxBuffer: 2 ** 26 },
      (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))),
    );
    child.stdin?.end(JSON.stringify(drawings));
  });
}

const named = Object.entries(HOSTILE);
let plain: Drawn | undefined;
let broken: Drawn | undefined;
let drawn: readonly Drawn[];

beforeAll(async () => {
  const drawings = [
    rolloutDiagram(timelineOf('SCALE_UP'), at(60)),
    ...named.map(([, text]) => rolloutDiagram(timelineOf(text), at(60))),
  ].map(inside);
  const unescaped = `gantt\n    section Tasks\n    ${HOSTILE['HTML']}`; // or the answers below would prove nothing
  [plain, broken, ...drawn] = await render([drawings[0] ?? '', unescaped, ...drawings.slice(1)]);
}, 60_000);

test('Mermaid draws a rollout: its stages, tasks and events, by their names', () => {
  expect(broken).toHaveProperty('error');
  expect(plain).toMatchObject({
    bars: 5,
    texts: expect.arrayContaining(
      [
        'stage SCALE_UP',
        'stage ROLLBACK_IN_PROGRESS',
        'task SCALE_UP in SCALE_UP, SCALE_UP',
        'task bbbbbbbb in eu-west-1b',
        'at 09.00.04 SCALE_UP',
        'Deployment',
        'Tasks',
        'Events',
      ].map((text) => expect.stringMatching(new RegExp(`^${text} ?$`))),
    ),
  });
});

test.each(named.map(([what], index) => [what, index] as const))(
  '%s in a name is drawn as text, and is neither grammar nor markup',
  (_, index) => {
    const known = plain && 'elements' in plain ? plain.elements : [];
    const one = drawn[index];
    if (!one || 'error' in one) throw new Error(one?.error ?? 'it was not drawn');
    expect(one).toMatchObject({ bars: 5, links: 0, configured: false });
    expect(known).toEqual(expect.arrayContaining([...one.elements]));
    const sections = one.texts.filter((text) => ['Deployment', 'Tasks', 'Events'].includes(text));
    expect(sections).toEqual(['Deployment', 'Tasks', 'Events']);
  },
);
