import { parseArgs } from 'node:util';
import { parseDocument } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import { openEnvelope, parseJson } from '@tenant-delivery/evidence/dsse';
import { PUBLISHER, TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import type { Io } from '../io.ts';
import { changes } from './contract-changes.ts';
import { complete } from './contract-complete.ts';
import { diff } from './contract-diff.ts';
import { contractsIn, judgedContracts, soundContract } from './contract-files.ts';
import { history } from './contract-history.ts';
import { inForce } from './contract-in-force.ts';
import { initContract } from './contract-init.ts';
import { matrix } from './contract-matrix.ts';
import { render } from './contract-render.ts';
import { sign } from './contract-sign.ts';
import { sizes } from './contract-sizes.ts';
import { status } from './contract-status.ts';
import { CONTRACT_VERBS, contractUsage } from './contract-usage.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { readGiven } from './read-file.ts';
import { explain, UsageError } from './usage-error.ts';

/** The contract with a tenant: check it, sign it for one environment, put it in force. */
export async function contract(args: readonly string[], io: Io): Promise<number> {
  const [verb = '', ...rest] = args;
  return explain(args, io, contractUsage(verb), async () => {
    if (verb === '')
      throw new UsageError(
        `Say what to do with the contract: ${CONTRACT_VERBS.slice(0, -1).join(', ')} or ${CONTRACT_VERBS.at(-1)}.`,
      );
    if (verb === 'init') return initContract(rest, io);
    if (verb === 'lint') return lint(rest, io);
    if (verb === 'status') return status(rest, io);
    if (verb === 'diff') return diff(rest, io);
    if (verb === 'changes') return changes(rest, io);
    if (verb === 'sizes') return sizes(await contractsIn(filesIn(rest), io), io);
    if (verb === 'render') return renderInto(rest, io);
    if (verb === 'matrix') return matrix(rest, io);
    if (verb === 'complete') return complete(rest, io);
    if (verb === 'history') return history(rest, io);
    if (verb === 'in-force') return inForce(rest, io);
    if (verb === 'sign') return sign(rest, io);
    if (verb === 'publish') return publish(rest, io);
    const near = nearest(verb, CONTRACT_VERBS);
    throw new UsageError(
      `There is no contract ${JSON.stringify(verb)}${near ? `; did you mean ${near}?` : '.'}`,
    );
  });
}

function filesIn(args: readonly string[]): readonly string[] {
  return parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
}

async function lint(args: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  if (positionals.length === 0) throw new UsageError('Name the contract files.');
  const { problems } = await judgedContracts(positionals, io);
  for (const problem of problems) io.err(problem);
  const count = positionals.length === 1 ? 'one contract' : `${positionals.length} contracts`;
  if (problems.length > 0) io.err(`${problems.length} to correct in ${count}.`);
  else io.out(`${count}: nothing to correct.`);
  return problems.length > 0 ? 1 : 0;
}

async function renderInto(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      environment: { type: 'string' },
      publisher: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  const { environment, publisher = [], out } = values;
  if (!file || more.length > 0 || !environment || !out)
    throw new UsageError('Give one contract file, --environment and --out.');
  const contract = await soundContract(file, environment, io);
  const wrong = publisher.filter((arn) => !PUBLISHER.test(arn));
  if (wrong.length > 0)
    throw new UsageError(
      `${wrong.join(', ')}: --publisher must be the ARN of a role, which may end in a pattern.`,
    );
  const publishers = publisher.length > 0 ? publisher : (contract.publishers ?? []);
  if (publishers.length === 0)
    throw new UsageError(
      `Nobody could publish contracts into the vault: name the role in \`publishers\` in ${file}, or by its ARN as --publisher.`,
    );
  return render(contract, environment, publishers, out, io);
}

async function publish(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...PUBLISHED, record: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Give exactly one signed contract.');
  const { open, trust } = await publishedPlace(values, io);
  if (!open) throw new UsageError('Give either --vault DIR or --s3.');
  const bytes = await readGiven(file, io);
  const { place, region } = placeOf(bytes, file);
  const vault = open({ ...place, region });
  const record = values.record === undefined ? undefined : await readGiven(values.record, io);
  const publication = { ...place, at: Date.now(), ...(record && { record }) };
  const { outcome, signed } = await publishContract(vault, bytes, trust, publication);
  const where = values.vault ?? vaultBucket({ ...place, region });
  io.out(
    `The contract of ${place.tenant} for ${place.environment}, serial ${signed.contract.serial}: ${outcome} in ${where}.`,
  );
  return 0;
}

/** Where a signed contract says that it belongs; believed only because its signature is checked next. */
function placeOf(bytes: Uint8Array, file: string) {
  const envelope = openEnvelope(bytes);
  if (!envelope)
    throw failures.contractUnsigned(
      file,
      'is not a signed envelope; run `tenant-delivery contract sign` first',
    );
  const said = parseDocument(TenantContract, parseJson(envelope.payload));
  const [environment] = 'document' in said ? Object.entries(said.document.environments) : [];
  if ('mistakes' in said || !environment)
    throw failures.contractInvalid(file, ['it carries no contract for an environment']);
  const { id: tenant, account } = said.document;
  return { place: { tenant, account, environment: environment[0] }, region: environment[1].region };
}
