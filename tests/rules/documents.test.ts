import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reviewedFiles } from '@tenant-delivery/release/released-files';
import { repositoryName } from '@tenant-delivery/release/this-repository';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const rooms = globSync('{{packages,local}/*,bench,tests}/package.json', { cwd: root }).map(dirname).sort();

describe('the documents', () => {
  const pages = globSync(
    '{*.md,{docs,actions,templates}/**/*.md,{packages,local}/*/*.md,{bench,tests}/*.md}',
    {
      cwd: root,
      exclude: (path) => String(path).includes('node_modules'),
    },
  );

  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => globSync(join(root, dirname(page), link)).length === 0)).toEqual([]);
  });

  it.each(pages)('%s names only files of this repository that are on its branch main', (page) => {
    const ours = new RegExp(`github\\.com/${repositoryName()}/(?:blob|tree)/main/([^)#\\s]+)`, 'g');
    const paths = [...read(page).matchAll(ours)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  const released = reviewedFiles(root);
  it.each(released.filter((file) => file.endsWith('.md')))('%s links to what is released with it', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    const linked = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => join(dirname(page), link).replace(/\/$/, ''));
    const there = (path: string) => released.some((file) => file === path || file.startsWith(`${path}/`));
    expect(linked.filter((path) => !there(path))).toEqual([]);
  });

  /** Words by which a sentence is usually turned around. Decisions are left as they were written. */
  const TURNED = /\b(?:whoever|wherein|of which|comes to|is asked for|anew|all the same)\b/i;

  it.each(pages.filter((page) => !page.startsWith('docs/decisions/')))(
    '%s says who does what, without words that turn a sentence around',
    (page) => {
      const lines = read(page)
        .replace(/```[\s\S]*?```|`[^`]*`|"[^"]*"/g, '')
        .split('\n');
      expect(lines.filter((line) => TURNED.test(line))).toEqual([]);
    },
  );

  it.each(pages)('%s links to headings that are there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? page : join(dirname(page), file);
      return target.endsWith('.md') && !anchorsOf(read(target)).includes(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  it('number the decisions without a hole, each with its number as its title', () => {
    const decisions = globSync('docs/decisions/[0-9]*.md', { cwd: root }).sort();
    const numbers = decisions.map((file) => Number(/\/(\d{4})-/.exec(file)?.[1]));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    expect(decisions.map((file) => Number(/^# (\d+)\. /.exec(read(file))?.[1]))).toEqual(numbers);
  });

  it.each(['docs/how-it-fits.md', 'CONTRIBUTING.md'])('name every room in %s', (page) => {
    expect(rooms.filter((room) => !read(page).includes(`\`${room}\``))).toEqual([]);
  });

  it.each(rooms)(
    '%s says in its README what it is, what it never does, and where to start reading',
    (room) => {
      const page = read(join(room, 'README.md'));
      const [, paragraph = ''] = page.split(/\n{2,}/);
      expect([room, paragraph.length > 100]).toEqual([room, true]);
      expect(paragraph).toMatch(/\bnever\b/);
      expect(paragraph).toMatch(/Start with .*\]\([\w./-]+\.ts\)/);
    },
  );

  it('say each word of the glossary once', () => {
    const words = [...read('docs/glossary.md').matchAll(/^\| (?!word \|)([^|]+) \| [^|]+ \|/gm)]
      .flatMap(([, cell = '']) => cell.split(', '))
      .map((word) => word.trim().toLowerCase());
    expect(words.length).toBeGreaterThan(60);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('name only types that are there, where the glossary tells of the code', () => {
    const [, code = ''] = read('docs/glossary.md').split('\n## The code\n');
    const named = [...code.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name = '']) => name);
    const sources = globSync('{actions,packages}/*/src/**/*.ts', { cwd: root }).map(read).join('\n');
    const there = (name: string) => new RegExp(`^export (?:interface|type) ${name}\\b`, 'm').test(sources);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => name !== 'UNEXPECTED' && !there(name))).toEqual([]);
  });

  it('fit what is not supported into ten lines of the README', () => {
    const [, section = ''] = /\n## Not supported yet\n+([\s\S]*?)\n## /.exec(read('README.md')) ?? [];
    const lines = section.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('open with a picture that is small, 1,000 pixels wide', () => {
    const picture = readFileSync(join(root, 'docs/crash.png'));
    expect(read('README.md').split('\n## ')[0]).toMatch(/!\[.+\]\(docs\/crash\.png\)/);
    expect([picture.toString('latin1', 1, 4), picture.readUInt32BE(16)]).toEqual(['PNG', 1000]);
    expect(picture.length).toBeLessThanOrEqual(60_000);
  });
});
