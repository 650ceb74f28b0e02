import { createPublicKey } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ambientStacks } from '@tenant-delivery/aws/cloudformation/ambient-stacks';
import { ambientPublicKey } from '@tenant-delivery/aws/kms/ambient-public-key';
import { ENVIRONMENT_DUTIES } from '@tenant-delivery/domain';
import { keyIdOf } from '@tenant-delivery/evidence/keys';
import {
  type ContractEdit,
  completeContract,
  type Made,
  type MadeKey,
} from '@tenant-delivery/provisioning/complete';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { keyAlias } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { lintWhole, soundContract } from './contract-files.ts';
import { appendItem, setMember } from './edit-yaml.ts';
import { readGivenText } from './read-file.ts';
import { trustFrom } from './read-trust.ts';
import { UsageError } from './usage-error.ts';
import { writeGiven } from './write-file.ts';

/** `contract complete`: writes into the file what came of the contract at AWS. Exit code 1 while something is still open. */
export async function complete(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { environment: { type: 'string' }, trust: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  const { environment } = values;
  if (!file || more.length > 0 || !environment)
    throw new UsageError('Give one contract file and --environment.');
  const contract = await soundContract(file, environment, io);
  const { keys } = await trustFrom(values.trust, io);
  const { edits, sentences, open } = completeContract(
    contract,
    environment,
    await madeAt(contract, environment),
    {
      now: new Date().toISOString(),
      since: new Map(keys.map(({ keyId, from }) => [keyId, from])),
    },
  );
  if (edits.length === 0) io.out(`${file}: nothing is new; the file stays as it is.`);
  else await write(file, edits, io);
  for (const sentence of sentences) io.out(`  ${sentence}`);
  for (const what of open) io.err(`  still open: ${what}`);
  return open.length > 0 ? 1 : 0;
}

/** Whole or not at all: what would not be a sound contract is not written. */
async function write(file: string, edits: readonly ContractEdit[], io: Io): Promise<void> {
  let text = await readGivenText(file, io);
  for (const { kind, path, value } of edits)
    text = kind === 'set' ? setMember(text, path, value) : appendItem(text, path, value);
  const read = readYaml(text, TenantContract);
  const problems = 'mistakes' in read ? read.mistakes : lintWhole([{ file, contract: read.document }]);
  if (problems.length > 0) throw failures.contractInvalid(`${file}, completed,`, problems);
  await writeGiven(file, text, io);
  io.out(`${file}: completed. Have the change reviewed, then sign and publish it.`);
}

/** Only what is in the contract's own account and region counts: other credentials could show other keys. */
async function madeAt(contract: TenantContract, environment: string): Promise<Made> {
  const { id: tenant, account } = contract;
  const agreed = contract.environments[environment];
  if (!agreed) throw new TypeError('the environment was looked for before');
  const { region } = agreed;
  const [network, ...keys] = await Promise.all([
    agreed.network && ambientStacks(region).describe(`td-${tenant}-${environment}-network`),
    ...ENVIRONMENT_DUTIES.map(async (duty): Promise<readonly [string, MadeKey] | undefined> => {
      const found = await ambientPublicKey(keyAlias({ environment }, duty), region);
      if (!found) return undefined;
      const key = createPublicKey({ key: Buffer.from(found.spki), format: 'der', type: 'spki' });
      const publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
      return [found.arn, { duty, keyId: keyIdOf(key), publicKey }];
    }),
  ]);
  const there = keys.flatMap((key) => (key ? [key] : []));
  const elsewhere = [...(network ? [network.id] : []), ...there.map(([arn]) => arn)].filter((arn) => {
    const [, , , itsRegion, itsAccount] = arn.split(':');
    return itsRegion !== region || itsAccount !== account;
  });
  if (elsewhere.length > 0)
    throw failures.accountMismatch(elsewhere.map((arn) => `${arn} is not in ${account}, ${region}`));
  if (network && !/^(CREATE|UPDATE)_COMPLETE$/.test(network.status))
    throw new UsageError(`The stack ${network.name} is ${network.status}; run this when it is complete.`);
  return { network: network?.outputs, keys: there.map(([, key]) => key) };
}
