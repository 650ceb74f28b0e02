import type { Examination } from './examine.ts';
import type { Line, Result } from './line.ts';
import { DOCUMENTS } from './line.ts';

/** What needs somebody comes first. */
const ORDER: readonly Result[] = ['wrong', 'unknown', 'ok'];

/** 0 when everything is ok, 1 when something is wrong, 3 when nothing is wrong and something is unknown. */
export function exitCodeOf(examinations: readonly Examination[]): 0 | 1 | 3 {
  const counts = countsOf(examinations.flatMap(({ lines }) => lines));
  if (counts.wrong > 0) return 1;
  return counts.unknown > 0 ? 3 : 0;
}

function countsOf(lines: readonly Line[]): Readonly<Record<Result, number>> {
  const of = (result: Result) => lines.filter((line) => line.result === result).length;
  return { ok: of('ok'), wrong: of('wrong'), unknown: of('unknown') };
}

/** For machines. `at` is milliseconds since the epoch. */
export function renderJson(examinations: readonly Examination[], at: number): string {
  const all = { schemaVersion: 1, at: new Date(at).toISOString(), examinations };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** For a terminal: each environment with its lines, and under each that is not ok what mends it. */
export function renderText(examinations: readonly Examination[]): readonly string[] {
  const mending = examinations.flatMap(({ lines }) => lines.map(({ mend }) => mend));
  return [
    ...examinations.flatMap(textOf),
    ...(mending.some((mend) => mend.includes(`file://${DOCUMENTS}/`))
      ? [
          '',
          `${DOCUMENTS} is the folder that this writes: tenant-delivery contract render FILE --environment NAME --publisher ARN --out ${DOCUMENTS}`,
        ]
      : []),
  ];
}

function textOf({ tenant, environment, account, region, lines }: Examination): readonly string[] {
  const { ok, wrong, unknown } = countsOf(lines);
  return [
    `${tenant} ${environment} (${account}, ${region}): ${ok} ok, ${wrong} wrong, ${unknown} unknown`,
    ...ORDER.flatMap((result) =>
      lines
        .filter((line) => line.result === result)
        .flatMap(({ about, found, mend }) => [
          `  ${(result === 'ok' ? 'ok' : result.toUpperCase()).padEnd(8)} ${about}: ${found}`,
          ...(mend === '' ? [] : [`           ${mend}`]),
        ]),
    ),
  ];
}
