import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const pages = globSync('docs/failures/*.md', { cwd: root, exclude: ['docs/failures/README.md'] }).sort();
const read = (page: string) => readFileSync(join(root, page), 'utf8');

const PROGRAM = /^(?:aws|docker|env|find|gh|git|ls|tenant-delivery|timedatectl) \S/;

/** What stands between backticks, in lines and in blocks. */
function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`]+)`/g)].map(([, block, span]) =>
    (block ?? span ?? '').replace(/\s+/g, ' ').trim(),
  );
}

/** The package of the SDK whose service the command line calls by another name, and what only the command line has. */
const CLIENTS: Readonly<Record<string, string>> = {
  elbv2: 'elastic-load-balancing-v2',
  logs: 'cloudwatch-logs',
  s3api: 's3',
  secretsmanager: 'secrets-manager',
};
const OF_THE_COMMAND_LINE = ['logs tail'];

/** An operation is one of the files of the service's client. */
function isOperation(service: string, operation: string): boolean {
  if (OF_THE_COMMAND_LINE.includes(`${service} ${operation}`)) return true;
  const name = operation.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const folder = `node_modules/@aws-sdk/client-${CLIENTS[service] ?? service}/dist-types/commands`;
  return globSync(`${folder}/*Command.d.ts`, { cwd: root })
    .map((file) => basename(file, 'Command.d.ts').toLowerCase())
    .includes(name.toLowerCase());
}

describe('the page of a failure', () => {
  it.each(pages)('%s has a command to run or a page to open', (page) => {
    const [, todo = ''] = read(page).split('## What to do\n');
    const links = [...todo.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect([...codeIn(todo).filter((code) => PROGRAM.test(code)), ...links]).not.toEqual([]);
  });

  it('names operations of AWS that exist', () => {
    expect(existsSync(join(root, 'node_modules/@aws-sdk/client-ecs/dist-types/commands'))).toBe(true);
    const asked = pages.flatMap((page) =>
      codeIn(read(page)).flatMap((code) => {
        const [, service, operation] = /^aws ([a-z0-9-]+) ([a-z0-9-]+)/.exec(code) ?? [];
        return service && operation ? [{ page, service, operation }] : [];
      }),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter(({ service, operation }) => !isOperation(service, operation))).toEqual([]);
  });
});
