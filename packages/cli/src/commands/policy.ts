import { parseArgs } from 'node:util';
import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import {
  explainRow,
  FindingsFile,
  findingsIn,
  type Judgement,
  judgeImage,
  meetPolicies,
  orderRows,
  type Policy,
  policyOf,
} from '@tenant-delivery/findings';
import { ServiceManifest, TenantContract } from '@tenant-delivery/tenancy';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery policy lint    --contract FILE --environment NAME [--manifest FILE]
       tenant-delivery policy try     FINDINGS… --contract FILE --environment NAME [--manifest FILE]
       tenant-delivery policy explain VULNERABILITY FINDINGS --contract FILE --environment NAME [--manifest FILE]

FINDINGS is a file that gate-on-ecr-findings left (its output findings-file).`;

const VERBS = ['lint', 'try', 'explain'];

/** What a scan policy comes to, and what it makes of findings that the gate has judged before. Nothing is asked of AWS. */
export async function policy(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(args, io, USAGE, async () => {
    if (verb === '') throw new UsageError('Say what to do with the policy: lint, try or explain.');
    if (!VERBS.includes(verb)) {
      const near = nearest(verb, VERBS);
      throw new UsageError(
        `There is no policy ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
      );
    }
    const { values, positionals } = parseArgs({
      args: [...rest],
      allowPositionals: true,
      options: {
        contract: { type: 'string' },
        environment: { type: 'string' },
        manifest: { type: 'string' },
      },
    });
    const met = await meetIn(values, io);
    if ('problems' in met) {
      for (const problem of met.problems) io.err(problem);
      io.err(`${met.problems.length} to correct.`);
      return 1;
    }
    if (verb === 'lint') return lint(met, io);
    if (verb === 'try') return tryOn(met.policy, positionals, io);
    return explainOne(met.policy, positionals, io);
  });
}

interface Met {
  readonly policy: Policy;
  readonly effective: ReturnType<typeof meetPolicies>['policy'];
}

async function meetIn(
  {
    contract,
    environment,
    manifest,
  }: { readonly [Name in 'contract' | 'environment' | 'manifest']?: string | undefined },
  io: Io,
): Promise<Met | { readonly problems: readonly string[] }> {
  if (!contract || !environment)
    throw new UsageError('Give --contract and --environment: a floor there must be.');
  const agreed = readYaml(await readGivenText(contract, io), TenantContract);
  if ('mistakes' in agreed) return { problems: agreed.mistakes.map((mistake) => `${contract}: ${mistake}`) };
  const { [environment]: there } = agreed.document.environments;
  if (!there) throw new UsageError(`${contract} has no environment ${environment}.`);
  const asked =
    manifest === undefined ? undefined : readYaml(await readGivenText(manifest, io), ServiceManifest);
  if (asked && 'mistakes' in asked)
    return { problems: asked.mistakes.map((mistake) => `${manifest}: ${mistake}`) };
  const { policy: effective, breaches } = meetPolicies(there.scanFloor, asked?.document.scan);
  if (breaches.length > 0)
    return { problems: breaches.map((breach) => `${manifest}: ${describeMistake(breach)}`) };
  return { policy: policyOf(effective), effective };
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

/** Judges findings again, as of the moment when the gate did. */
async function tryOn(by: Policy, files: readonly string[], io: Io): Promise<number> {
  if (files.length === 0) throw new UsageError('Name the findings files.');
  let denied = 0;
  for (const file of files) {
    const { judgement, digest } = await judgeAgain(by, file, io);
    if (judgement.decision === 'deny') denied += 1;
    io.out(
      `${file}: ${digest} ${judgement.decision === 'deny' ? `denied: ${judgement.reasons.join('; ')}` : 'allowed'}`,
    );
  }
  io.out(`${denied} of ${files.length} denied.`);
  return denied > 0 ? 1 : 0;
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
): Promise<{ readonly judgement: Judgement; readonly digest: string }> {
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
  return { judgement, digest: subject.digest };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
