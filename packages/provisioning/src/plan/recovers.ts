import * as v from 'valibot';

const Body = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ Metadata: v.object({ Recovers: v.string() }) }),
);

/** The environment that the environment of this foundation recovers, as its template says; `undefined` for none. */
export function recoversIn(body: string): string | undefined {
  const read = v.safeParse(Body, body);
  return read.success ? read.output.Metadata.Recovers : undefined;
}
