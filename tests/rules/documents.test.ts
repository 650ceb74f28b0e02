import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the documents', () => {
  const pages = globSync('{*.md,{docs,actions,templates}/**/*.md}', {
    cwd: root,
    exclude: (path) => String(path).includes('node_modules'),
  });

  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => globSync(join(root, dirname(page), link)).length === 0)).toEqual([]);
  });

  it('number the decisions without a hole, each with its number as its title', () => {
    const decisions = globSync('docs/decisions/[0-9]*.md', { cwd: root }).sort();
    const numbers = decisions.map((file) => Number(/\/(\d{4})-/.exec(file)?.[1]));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    expect(decisions.map((file) => Number(/^# (\d+)\. /.exec(read(file))?.[1]))).toEqual(numbers);
  });

  it('name every room in the picture of the house', () => {
    const picture = read('docs/how-it-fits.md');
    const rooms = globSync('{packages,local}/*/package.json', { cwd: root }).map(dirname);
    expect(rooms.filter((room) => !picture.includes(`\`${room}\``))).toEqual([]);
  });
});
