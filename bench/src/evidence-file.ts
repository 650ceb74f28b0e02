import { newChangeId } from '@tenant-delivery/delivery/change-id';
import { CHANGE, recordLines, WAYS } from '@tenant-delivery/evidence/test/record-of';

/** An evidence file of so many whole deliveries, each of 8 events, signed by the keys of the tests' trust file. */
export async function evidenceOf(changes: number): Promise<string> {
  const lines: string[] = [];
  for (let number = 0; number < changes; number += 1)
    lines.push(...(await recordLines(WAYS.delivery, { ...CHANGE, id: newChangeId(number) })));
  return lines.map((line) => `${line}\n`).join('');
}
