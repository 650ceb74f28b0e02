import { RequestError } from '@octokit/request-error';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import * as v from 'valibot';
import { failures } from '../failures.ts';

/** An answer of Octokit's, or a page of one. Its types say what GitHub documents, and not what came. */
interface Answered {
  readonly data: unknown;
  readonly url: string;
}

/** An answer, as far as the schema confirms it: one that lacks what is needed is no answer. */
export function confirmed<Schema extends v.GenericSchema>(
  schema: Schema,
  { data, url }: Answered,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, data);
  if (read.success) return read.output;
  const problems = read.issues.map((issue) =>
    describeMistake({
      path: (issue.path ?? []).map(({ key }) => String(key)).join('.'),
      problem: issue.message,
    }),
  );
  throw failures.answerIncomplete(url, problems);
}

/** GitHub's 404 as an answer. Whatever else fails is still a failure. */
export async function orAbsent<Answer>(asked: Promise<Answer>): Promise<Answer | 'absent'> {
  try {
    return await asked;
  } catch (thrown) {
    if (refusalIn(thrown)?.status === 404) return 'absent';
    throw thrown;
  }
}

/** Every item of the pages that `octokit.paginate.iterator` turns. */
export async function everyItem<Schema extends v.GenericSchema>(
  item: Schema,
  pages: AsyncIterable<Answered>,
): Promise<readonly v.InferOutput<Schema>[]> {
  const all: v.InferOutput<Schema>[] = [];
  for await (const page of pages) all.push(...confirmed(v.array(item), page));
  return all;
}

const counted = v.object({ total_count: v.number() });

/** The same of a list that GitHub counts: one that is not whole is no answer, because what it lacks is not absent. */
export async function wholeList<Schema extends v.GenericSchema>(
  item: Schema,
  pages: AsyncIterable<Answered>,
): Promise<readonly v.InferOutput<Schema>[]> {
  const all: v.InferOutput<Schema>[] = [];
  let [total, from] = [0, ''];
  for await (const page of pages) {
    all.push(...confirmed(v.array(item), page));
    [total, from] = [confirmed(counted, page).total_count, page.url];
  }
  if (all.length !== total) throw failures.answerIncomplete(from, [`${all.length} of ${total} came`]);
  return all;
}

/**
 * How a request that changes something ended. `refused`: GitHub's own word that nothing happened. Everything else is
 * unknown: the connection broke, or GitHub had trouble of its own.
 */
export type Changed =
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly said: string }
  | { readonly kind: 'unknown' };

/** How a change ended that was sent once. It is never repeated here: its sender looks what became of it. */
export async function changed(sent: Promise<{ readonly data: unknown }>): Promise<Changed> {
  try {
    const { data } = await sent;
    return { kind: 'done', data };
  } catch (thrown) {
    const refusal = refusalIn(thrown);
    if (!refusal) throw thrown;
    // A connection that broke has no response.
    if (!refusal.response || refusal.status >= 500) return { kind: 'unknown' };
    return { kind: 'refused', status: refusal.status, said: firstLine(refusal.message) };
  }
}

/** Octokit's error behind a failure of the session. */
export function refusalIn(thrown: unknown): RequestError | undefined {
  return thrown instanceof Error && thrown.cause instanceof RequestError ? thrown.cause : undefined;
}

/** Octokit adds the address of the documentation; a refused box is repeated in some of GitHub's messages. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 200);
}
