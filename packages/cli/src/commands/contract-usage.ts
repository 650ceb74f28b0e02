/** What each verb of `contract` takes, and what it does with it. */
const USAGES = {
  init: {
    takes: 'FILE [--tenant NAME] [--account NUMBER] … (asks for the rest at a terminal)',
    does: 'Writes the contract of a new tenant. Without a terminal it lists the flags that are missing.',
  },
  lint: { takes: 'FILE…', does: 'Names every mistake in the contracts, alone and beside one another.' },
  status: {
    takes: 'FILE… [--vault DIR | --s3] [--trust FILE]',
    does: 'Lists each environment: serial in the file and published, end, releases, and what is due.',
  },
  diff: {
    takes: 'OLD NEW [--account]',
    does: 'Says what a new contract changes for whom. --account: and in which stack, without asking AWS.',
  },
  changes: {
    takes: 'FOLDER [--since COMMIT]',
    does: 'The same for every contract of a folder that changed, in Markdown. In a job of GitHub it finds the commit itself.',
  },
  sizes: { takes: '[FILE…]', does: 'Measures the documents of a contract against the quotas of AWS.' },
  matrix: {
    takes: 'FILE… (--of KIND | --workflows DIR [--check])',
    does: 'Prints the jobs that the contracts ask for, or writes them into workflows. --check: says which are stale.',
  },
  render: {
    takes: 'FILE --environment NAME [--publisher ARN…] --out DIR',
    does: 'Writes the templates and the documents of IAM, KMS and S3 that stand in the account.',
  },
  complete: {
    takes: 'FILE --environment NAME [--trust FILE]',
    does: 'Takes keys and ids of the stacks into the file, with the next serial. Reads the account.',
  },
  'in-force': {
    takes: 'FILE --environment NAME (--vault DIR | --s3) [--trust FILE] --out FILE [--since FILE]',
    does: 'Writes the contract that is in force, and the commit that has it.',
  },
  sign: {
    takes: `FILE --environment NAME (--key PEMFILE | --kms ALIAS [--region REGION]) --out FILE
           [--record FILE [--before FILE (--since COMMIT [--reviewed-in ENVIRONMENT] | --by-hand REASON)]]`,
    does: 'Signs one environment of a contract. --record: and who asked and agreed, by a job of GitHub, or who signed by hand.',
  },
  publish: {
    takes: 'FILE (--vault DIR | --s3) [--record FILE] [--trust FILE]',
    does: 'Puts a signed contract in force, with its record.',
  },
  history: {
    takes: 'FILE --environment NAME (--vault DIR | --s3) [--trust FILE] [--out FILE]',
    does: 'Shows who asked for each serial, who agreed and what changed. --out: for verify-evidence.',
  },
} as const;

export type ContractVerb = keyof typeof USAGES;
export const CONTRACT_VERBS = Object.keys(USAGES) as readonly ContractVerb[]; // its own keys

const lineOf = (verb: ContractVerb) => `tenant-delivery contract ${verb} ${USAGES[verb].takes}`;

/** The usage of one verb, or of all where it is none. */
export function contractUsage(verb: string): string {
  const known = CONTRACT_VERBS.find((each) => each === verb);
  return known === undefined
    ? `Usage: ${CONTRACT_VERBS.map(lineOf).join('\n       ')}`
    : `Usage: ${lineOf(known)}\n\n${USAGES[known].does}`;
}
