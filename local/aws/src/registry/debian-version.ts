/**
 * Orders two Debian versions: negative when `a` is the older one.
 * Rule: Debian policy manual, "Version" (epoch, upstream, revision; `~` sorts before everything, even the end).
 */
export function compareDebianVersions(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

function comparePart(a: string, b: string): number {
  let left = a;
  let right = b;
  while (left !== '' || right !== '') {
    const [textA, textB] = [leading(left, /^\D*/), leading(right, /^\D*/)];
    const byText = compareText(textA, textB);
    if (byText !== 0) return byText;
    left = left.slice(textA.length);
    right = right.slice(textB.length);
    const [numberA, numberB] = [leading(left, /^\d*/), leading(right, /^\d*/)];
    const difference = BigInt(numberA || 0) - BigInt(numberB || 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
    left = left.slice(numberA.length);
    right = right.slice(numberB.length);
  }
  return 0;
}

function leading(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? '';
}

function compareText(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = rank(a[i]) - rank(b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Tilde, then the end, then letters, then everything else. */
function rank(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  const code = character.codePointAt(0) ?? 0;
  return /[A-Za-z]/.test(character) ? code : code + 0x10000;
}
