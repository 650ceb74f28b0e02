import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { thisTag } from '@tenant-delivery/release/this-release';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { failures } from '@tenant-delivery/tenancy/failures';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { contractDraft } from './contract-draft.ts';
import { lintWhole } from './contract-files.ts';
import { type Answers, mistakesIn, QUESTIONS, type Question } from './contract-questions.ts';
import { UsageError } from './usage-error.ts';

/** `contract init`: writes the contract of a new tenant, from flags and, at a terminal, from answers. */
export async function initContract(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(QUESTIONS.map(({ flag }) => [flag, { type: 'string' as const }])),
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name the file to write, such as tenants/acme.yaml.');
  const answers = await answersTo(values, io);
  const mistakes = mistakesIn(answers);
  if (mistakes.length > 0)
    throw new UsageError(['Some answers are missing or wrong:', ...mistakes].join('\n  - '));
  const text = contractDraft(answers);
  const read = readYaml(text, TenantContract);
  const problems = 'mistakes' in read ? read.mistakes : lintWhole([{ file, contract: read.document }]);
  if (problems.length > 0) throw failures.contractInvalid(file, problems);
  await writeFile(resolve(io.cwd, file), text, { flag: 'wx' }).catch((cause: unknown) => {
    if (Object(cause).code === 'EEXIST')
      throw new UsageError(`${file} is there already; change it, or name another file.`);
    throw cause;
  });
  io.out(
    `${file}: written. Read it, put the digest of your base image into \`probe\`, and complete the contacts.`,
  );
  return 0;
}

type Given = Readonly<Record<string, unknown>>;

/** At a terminal a wrong answer is asked for again; without one, the mistakes are listed together. */
async function answersTo(given: Given, io: Io): Promise<Answers> {
  const answers: Record<string, string> = {};
  for (const question of QUESTIONS) {
    const said = given[question.flag];
    const answer = typeof said === 'string' ? said : await ask(question, answers, io);
    if (answer !== undefined) answers[question.flag] = answer;
  }
  return answers;
}

async function ask(
  { flag, asks, form, pattern, usual }: Question,
  answers: Answers,
  { ask: say, err, interrupted }: Io,
): Promise<string | undefined> {
  const known = (flag === 'release' ? thisTag() : undefined) ?? usual?.(answers);
  if (!say) return known;
  for (;;) {
    const said = await say(`${asks}${known === undefined ? '' : ` [${known}]`}: `);
    interrupted.throwIfAborted();
    if (said === undefined) return undefined;
    const answer = said.trim() || known;
    if (answer !== undefined && pattern.test(answer)) return answer;
    err(`It must be ${form}.`);
  }
}
