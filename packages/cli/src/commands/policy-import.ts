import { parseArgs } from 'node:util';
import { readIgnores } from '../ignore-files/read-ignores.ts';
import { renderWaivers } from '../ignore-files/waiver-draft.ts';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** Writes what another tool ignores as waivers that lack what nobody has said yet. */
export async function importIgnores(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('Give one file: .trivyignore, .trivyignore.yaml, .grype.yaml or osv-scanner.toml.');
  const read = readIgnores(file, await readGivenText(file, io));
  if ('mistakes' in read) throw new UsageError(`${file} is not read: ${read.mistakes.join('; ')}.`);
  const today = new Date().toISOString().slice(0, 10);
  io.out(renderWaivers(read, file, today).trimEnd());
  for (const left of read.left) io.err(`${file}: not taken over, ${left}`);
  return 0;
}
