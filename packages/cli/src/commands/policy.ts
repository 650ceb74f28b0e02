import { parseArgs } from 'node:util';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import { explainRow } from '@tenant-delivery/findings/explain';
import { FindingsFile, findingsIn } from '@tenant-delivery/findings/findings-file';
import { orderRows } from '@tenant-delivery/findings/order-rows';
import type { Policy } from '@tenant-delivery/findings/policy';
import { type Judgement, judgeImage } from '@tenant-delivery/findings/verdict';
import type { Io } from '../io.ts';
import { importIgnores } from './policy-import.ts';
import { type Met, meetIn, SOURCES } from './policy-source.ts';
import { readGivenText } from './read-file.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery policy lint    POLICY
       tenant-delivery policy try     FINDINGS… [--last N] POLICY
       tenant-delivery policy try     --repository NAME --last N [--account ID] [--region NAME] POLICY
       tenant-delivery policy explain VULNERABILITY FINDINGS POLICY
       tenant-delivery policy import  FILE

POLICY is --contract FILE --environment NAME, with [--manifest FILE] or [--policy FILE] for what a service wishes under it;
or --policy FILE alone, which is the whole policy of a gate without a contract.
FINDINGS is a file that gate-on-ecr-findings left (its output findings-file). --last N takes the N digests judged last;
with --repository those pushed last to a repository of ECR, as their findings are now, by the credentials in AWS_ACCESS_KEY_ID.
import writes the waivers of a .trivyignore, .trivyignore.yaml, .grype.yaml or osv-scanner.toml, with marks where they
lack what a waiver must have.`;

const VERBS = ['lint', 'try', 'explain', 'import'];

/** Explains a scan policy, and what it would decide about findings that the gate has judged before. Nothing is asked of AWS. */
export async function policy(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(args, io, USAGE, async () => {
    if (verb === '') throw new UsageError('Say what to do with the policy: lint, try, explain or import.');
    if (!VERBS.includes(verb)) {
      const near = nearest(verb, VERBS);
      throw new UsageError(
        `There is no policy ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
      );
    }
    if (verb === 'import') return importIgnores(rest, io);
    const words = { args: [...rest], allowPositionals: true } as const;
    if (verb === 'try') {
      const { values, positionals } = parseArgs({ ...words, options: { ...SOURCES, ...TRIED } });
      const met = await metOrTold(values, io);
      return met ? tryOn(met.policy, positionals, values, io) : 1;
    }
    const { values, positionals } = parseArgs({ ...words, options: SOURCES });
    const met = await metOrTold(values, io);
    if (!met) return 1;
    return verb === 'lint' ? lint(met, io) : explainOne(met.policy, positionals, io);
  });
}

/** The policy, or nothing once its problems are told. */
async function metOrTold(values: Parameters<typeof meetIn>[0], io: Io): Promise<Met | undefined> {
  const met = await meetIn(values, io);
  if (!('problems' in met)) return met;
  for (const problem of met.problems) io.err(problem);
  io.err(`${met.problems.length} to correct.`);
  return undefined;
}

/** Every effective value and whose it is. */
function lint({ effective }: Met, io: Io): number {
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('value' in node && 'from' in node) {
      io.out(`${path.padEnd(32)} ${JSON.stringify(node.value)} (${node.from})`);
      return;
    }
    for (const [name, member] of Object.entries(node)) walk(member, path === '' ? name : `${path}.${name}`);
  };
  walk(effective.limits, '');
  walk(effective.rules ?? {}, '');
  return 0;
}

const TRIED = {
  last: { type: 'string' },
  repository: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
} as const;
type Tried = { readonly [Name in keyof typeof TRIED]?: string | undefined };

function last(values: Tried): number | undefined {
  if (values.last === undefined) return undefined;
  const count = Number(values.last);
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw new UsageError(`--last is ${JSON.stringify(values.last)}: give a whole number from 1 to 100.`);
  return count;
}

/** Judges findings again, as of the moment when the gate did; with a count each digest once, the newest first. */
async function tryOn(by: Policy, files: readonly string[], values: Tried, io: Io): Promise<number> {
  const { repository, account, region } = values;
  const count = last(values);
  if (repository !== undefined && (count === undefined || files.length > 0))
    throw new UsageError('Give --last with --repository, and no findings files.');
  if (repository === undefined && files.length === 0)
    throw new UsageError('Name the findings files, or a --repository.');
  if (repository !== undefined && count !== undefined) {
    const { judgeRegistry } = await import('./policy-registry.ts');
    return tell(await judgeRegistry(by, { repository, count, account, region }, io), io);
  }
  const judged = await Promise.all(
    files.map(async (file) => ({ file, ...(await judgeAgain(by, file, io)) })),
  );
  return tell(count === undefined ? judged : newestDigests(judged).slice(0, count), io);
}

function tell(
  tried: readonly { readonly file?: string; readonly digest: string; readonly judgement: Judgement }[],
  io: Io,
): number {
  for (const { file, digest, judgement } of tried) {
    const { decision, reasons } = judgement;
    const what = decision === 'deny' ? `denied: ${reasons.join('; ')}` : 'allowed';
    io.out(`${file === undefined ? '' : `${file}: `}${digest} ${what}`);
  }
  const denied = tried.filter(({ judgement }) => judgement.decision === 'deny').length;
  io.out(`${denied} of ${tried.length} denied.`);
  return denied > 0 ? 1 : 0;
}

function newestDigests<T extends { readonly digest: string; readonly at: number }>(
  judged: readonly T[],
): readonly T[] {
  const newest = new Map<string, T>();
  for (const one of judged.toSorted((a, b) => b.at - a.at))
    if (!newest.has(one.digest)) newest.set(one.digest, one);
  return [...newest.values()];
}

async function explainOne(by: Policy, words: readonly string[], io: Io): Promise<number> {
  const [id, file, ...more] = words;
  if (id === undefined || file === undefined || more.length > 0)
    throw new UsageError('Give one vulnerability and one findings file.');
  const { judgement } = await judgeAgain(by, file, io);
  const same = (name: string) => name.toLowerCase() === id.toLowerCase();
  const rows = orderRows(judgement.rows).filter(({ finding }) =>
    [finding.vulnerability, ...(finding.aliases ?? [])].some(same),
  );
  const waivers = judgement.waivers.map(({ waiver }) => waiver);
  for (const row of rows) for (const line of explainRow(row, waivers)) io.out(line);
  if (rows.length === 0) io.err(`${file} has no ${id}.`);
  return rows.length === 0 ? 1 : 0;
}

/** No policy makes evidence of an inspection that was none. */
const NO_EVIDENCE = ['SCAN_NOT_EVIDENCE', 'NOTHING_TO_INSPECT'];

async function judgeAgain(
  by: Policy,
  file: string,
  io: Io,
): Promise<{ readonly judgement: Judgement; readonly digest: string; readonly at: number }> {
  const read = parseDocument(FindingsFile, jsonIn(await readGivenText(file, io)));
  if ('mistakes' in read)
    throw new UsageError(
      `${file} is no findings file of the gate: ${read.mistakes.map(describeMistake).join('; ')}.`,
    );
  const { reasonCode, verdict } = read.document;
  const { subject, evaluatedAt } = verdict;
  const child = {
    platform: 'every platform',
    digest: subject.digest as `sha256:${string}`, // only shown
    scan: reasonCode,
    ...(NO_EVIDENCE.includes(reasonCode) && { unproven: `the gate said ${reasonCode}` }),
  };
  const place = {
    repository: subject.repositoryUri.slice(subject.repositoryUri.indexOf('/') + 1),
    now: Date.parse(evaluatedAt),
  };
  const judgement = judgeImage([{ ...child, findings: findingsIn(read.document) }], by, place);
  return { judgement, digest: subject.digest, at: place.now };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
