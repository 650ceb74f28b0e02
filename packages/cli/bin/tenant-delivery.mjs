#!/usr/bin/env node
// Starts the command line on Node 24 or later: this one, or the one that npm ci brought.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../src/main.ts');
const here = Number(process.versions.node.split('.')[0]) >= 24;
const brought = join(import.meta.dirname, '../../../node_modules/.bin/node');

if (here) {
  process.argv[1] = main;
  await import(main);
} else if (existsSync(brought)) {
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('close', (status, signal) => {
    process.exitCode = signal ? 1 : (status ?? 1);
  });
} else {
  console.error(
    'tenant-delivery needs Node 24 or later: run npm ci on Linux, or install Node 24 on other systems.',
  );
  process.exitCode = 1;
}
