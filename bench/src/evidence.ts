import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TRUST } from '@tenant-delivery/evidence/test/record-of';
import { evidenceOf } from './evidence-file.ts';
import { type Figure, round } from './figure.ts';
import type { Verified } from './verify-once.ts';

const CHANGES = 10_000;

/** `verify-evidence` on a file with the whole record of many changes. */
export async function evidence(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'td-bench-'));
  try {
    const [file, trust] = [join(folder, 'evidence.jsonl'), join(folder, 'trust.json')];
    writeFileSync(file, await evidenceOf(CHANGES));
    writeFileSync(trust, JSON.stringify(TRUST));
    const { seconds, peak, verdict } = await verify(file, trust);
    if (!verdict.startsWith('Everything holds: 80000 lines, 10000 changes')) throw new Error(verdict);
    return [
      figure('10,000 changes of 8 events verified and rendered, processor time', seconds, 's', 20),
      figure('10,000 changes of 8 events verified and rendered, peak memory', peak, 'MB', 600),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function verify(file: string, trust: string): Promise<Verified> {
  const program = join(import.meta.dirname, 'verify-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, file, '--trust', trust]);
  return JSON.parse(stdout) as Verified; // by verify-once.ts
}

function figure(name: string, value: number, unit: string, target: number): Figure {
  return { bench: 'evidence', figure: name, value: round(value), unit, target };
}
