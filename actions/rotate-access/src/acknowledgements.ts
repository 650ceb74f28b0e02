import { inputsInvalid, type Reader } from '@tenant-delivery/action-kit/readers';

const ONE = /^(?:([\w./@-]{1,200})=)?([0-9a-f]{12})$/;
const FIX =
  'give NAME=FINGERPRINT, one for each consumer that uses the new key, or the fingerprint alone where there is one such consumer';

/** `NAME=FINGERPRINT` for each, or one fingerprint; divided by line ends, blanks or commas. */
export const acknowledgements: Reader<string | undefined> = (given) => {
  const all = partsOf(given);
  if (all.length === 0) return { value: undefined };
  const read = all.map((part) => ONE.exec(part));
  if (read.some((part) => part === null))
    return { problem: 'has something that is no acknowledgement', fix: FIX };
  const names = read.map((part) => part?.[1]);
  if (all.length > 1 && names.includes(undefined))
    return { problem: 'has a fingerprint without a name beside others', fix: FIX };
  if (new Set(names).size < names.length) return { problem: 'names a consumer twice', fix: FIX };
  return { value: given };
};

/**
 * What was acknowledged by each of those who can. Throws where a name is nobody's, or where a fingerprint alone could be
 * anybody's.
 */
export function acknowledgedBy(
  given: string | undefined,
  people: readonly string[],
): (name: string) => string | undefined {
  const said = partsOf(given ?? '').map((part) => ONE.exec(part));
  const mistakes = said.flatMap((part) => {
    const name = part?.[1];
    if (name === undefined)
      return people.length === 1
        ? []
        : [
            `acknowledge does not say for whom: give NAME=FINGERPRINT, for ${people.join(', ') || 'nobody here acknowledges'}`,
          ];
    return people.includes(name)
      ? []
      : [
          `acknowledge names ${name}: give one of ${people.join(', ') || 'none, for nobody here acknowledges'}`,
        ];
  });
  if (mistakes.length > 0) throw inputsInvalid(mistakes);
  return (name) => said.find((part) => (part?.[1] ?? name) === name)?.[2];
}

/** Every fingerprint that was acknowledged, with the name that it was given for. */
export function acknowledgementsIn(
  given: string | undefined,
): readonly { readonly name: string | undefined; readonly fingerprint: string }[] {
  return partsOf(given ?? '').flatMap((part) => {
    const [, name, fingerprint] = ONE.exec(part) ?? [];
    return fingerprint === undefined ? [] : [{ name, fingerprint }];
  });
}

function partsOf(given: string): readonly string[] {
  return given.split(/[\s,]+/).filter((part) => part !== '');
}
