import * as fc from 'fast-check';

/** What every generated Dockerfile may copy. */
export const SOURCES: Readonly<Record<string, string>> = {
  'a.txt': 'a',
  'b.txt': 'b',
  'src/c.txt': 'c',
  'src/deep/d.md': 'd',
  'src/deep/e.txt': 'e',
  'with blank.txt': 'blank',
};

/** Given from outside, as `--build-arg` gives them. */
export const BUILD_ARGS: Readonly<Record<string, string>> = { GIVEN: 'from-outside', BASE: 'scratch' };

const NAMES = ['ONE', 'TWO', 'THREE', 'GIVEN', 'UNSET', 'PATH_TO'] as const;
const PLAIN = ['x', 'v1.24.1-alpine3', 'a/b/c', 'aa.bb.aa', 'Z', '0'] as const;
const MODIFIERS = [':-', '-', ':+', '+'] as const;
const CUTS = ['#*.', '##*.', '%.*', '%%.*', '#a', '%3', '/a/b', '//a/b', '//./-', '/v*-/x'] as const;
const SINGLE = ['a.txt', './b.txt', '/a.txt', 'src/c.txt', 'src/deep/e.txt'] as const;
const FOLDERS = ['src', 'src/', './src/deep', 'src/.', '.'] as const;
const PATTERNS = ['*.txt', 'src/*.txt', 's?c/deep/*.md', '[ab].txt', 'src/d*'] as const;

type Pick = <T>(list: readonly T[]) => T;

/** The Dockerfiles of a seed, always the same ones. Each is one that BuildKit can build without running anything. */
export function dockerfilesOf(seed: number, count: number): readonly string[] {
  const dockerfile = fc.gen().map((g) => new Writer((list) => g(fc.constantFrom, ...list)).dockerfile());
  return fc.sample(dockerfile, { seed, numRuns: count });
}

class Writer {
  readonly #pick: Pick;
  readonly #lines: string[] = [];
  /** Names of stages, as they were written, and where each has a folder with `a.txt`. */
  readonly #stages: { readonly name: string; readonly folder: string }[] = [];

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  dockerfile(): string {
    this.#lines.push(...this.#head());
    const count = this.#pick([1, 1, 1, 2, 2, 3]);
    for (let n = 0; n < count; n += 1) this.#stage(n);
    return `${this.#lines.join('\n')}\n`;
  }

  #head(): readonly string[] {
    return this.#pick([
      [],
      ['# a comment', ''],
      ['ARG BASE=none'],
      ['ARG BASE', 'ARG ONE=global TWO="glo bal"'],
      ['ARG GIVEN=inside', 'ARG BASE=${GIVEN:+scratch}'],
    ]);
  }

  #stage(n: number): void {
    // In lower case: a FROM with upper case finds no stage in each version of BuildKit.
    const before = this.#stages[n - 1]?.name.toLowerCase() ?? 'scratch';
    const base = this.#pick([true, false]) ? before : 'scratch';
    const hasBase = this.#lines.some((line) => line.startsWith('ARG BASE'));
    const from = base === 'scratch' && hasBase ? this.#pick(['scratch', '$BASE', '${BASE}']) : base;
    const name = this.#pick([`st${n}`, `Stage.${n}`, `s_${n}-x`]);
    this.#lines.push(`${this.#pick(['FROM', 'from', 'From'])} ${from} ${this.#pick(['AS', 'as'])} ${name}`);
    const folder = `/known${n}`;
    const copied = this.#pick([1, 2, 3, 4, 5, 6]);
    for (let line = 0; line < copied; line += 1) this.#lines.push(...this.#instruction(n));
    this.#lines.push(`COPY a.txt ${folder}/`); // a stage that copies nothing has no layer to compare
    this.#stages.push({ name, folder });
  }

  #instruction(stage: number): readonly string[] {
    const kind = this.#pick([
      'ARG',
      'ENV',
      'ENV',
      'LABEL',
      'LABEL',
      'COPY',
      'WORKDIR',
      'said',
      'said',
      'stage',
    ]);
    if (kind === 'stage') return stage === 0 ? this.#copy() : this.#copyFrom(stage);
    if (kind === 'COPY') return this.#copy();
    if (kind === 'said') return this.#said();
    if (kind === 'WORKDIR')
      return [
        `WORKDIR ${this.#pick(['/w', 'rel', '/${ONE:-d}', 'r/$GIVEN', '/a/../b', '/w/', 'rel/', '../up', '"/q"', '/two  blanks'])}`,
      ];
    if (kind === 'ARG')
      return [
        `ARG ${this.#pick(NAMES)}${this.#pick(['', `=${this.#word()}`, `=${this.#word()} B=${this.#word()}`])}`,
      ];
    return this.#pairs(kind);
  }

  /** `ENV` and `LABEL`, on one line, on several, or in the old form. */
  #pairs(kind: string): readonly string[] {
    const name = () => (kind === 'ENV' ? this.#pick(NAMES) : this.#pick(['l.one', '"l two"', 'three']));
    if (kind === 'ENV' && this.#pick([false, false, true]))
      return [`ENV ${this.#pick(NAMES)} ${this.#word()}  and ${this.#pick(['"quoted"', '$ONE', 'plain'])}`];
    const pair = () => `${name()}=${this.#word()}`;
    return this.#pick([
      [`${kind} ${pair()}`],
      [`${kind.toLowerCase()} ${pair()}   ${pair()}`],
      [`${kind} ${pair()} \\`, '  # inside', '', `   ${pair()}`],
      [`${kind} ${pair()} \\  `, `\t${pair()}`],
    ]);
  }

  #copy(): readonly string[] {
    const flags = this.#pick([
      '',
      '--chown=7:8 ',
      '--chown=9 ',
      '--chown="7:8" ',
      '--chmod=750 ',
      '--chown=1:2 --chmod=0644 ',
      '--link ',
    ]);
    const to = this.#pick(['/d/', '/d/e/', 'rel/', './', '/$GIVEN/', '/${ONE:-one}/x/', '"/quoted/"']);
    return this.#pick([
      [`COPY ${flags}${this.#pick(SINGLE)} ${this.#pick([to, '/file', 'named.txt'])}`],
      [`copy ${flags}${this.#pick(FOLDERS)} ${to}`],
      [`COPY ${flags}${this.#pick(PATTERNS)} ${to}`],
      [`COPY ${flags}${this.#pick(SINGLE)} ${this.#pick(FOLDERS)} ${to}`],
      [`COPY ${flags}["with blank.txt", "/json/"]`],
      [`ADD ${this.#pick(SINGLE)} \\`, `  ${to}`],
    ]);
  }

  #copyFrom(stage: number): readonly string[] {
    const at = this.#pick(this.#stages.map((_, n) => n).slice(0, stage));
    const { name = '', folder = '' } = this.#stages[at] ?? {};
    const from = this.#pick([name, name.toUpperCase(), String(at)]);
    const flags = this.#pick(['', ' --chown=3:4', ' --chmod=600']);
    return [
      `COPY --from=${from}${flags} ${this.#pick([folder, `${folder}/`, `${folder}/a.txt`, `${folder}/*`])} /from${at}/`,
    ];
  }

  #said(): readonly string[] {
    return this.#pick([
      ['CMD echo "hi  there" \\', '   $ONE'],
      ['CMD ["a", "b c"]'],
      ['cmd []'],
      ['ENTRYPOINT run $TWO'],
      ['ENTRYPOINT ["/bin/x","--y"]'],
      ['EXPOSE 80 443/tcp ${PORT:-53}/udp'],
      ['EXPOSE 8000-8002'],
      ['EXPOSE 8080:80 127.0.0.1:81:82/TCP'],
      [`ENV PORTS="70 71/udp"`, 'EXPOSE $PORTS'],
      [`USER ${this.#pick(['1000', '1:2', '${NONE:-7:8}', '"9"'])}`],
      ['HEALTHCHECK --interval=1m30s --retries=2 CMD curl -f $ONE'],
      ['HEALTHCHECK --timeout=5s CMD ["a"]'],
      ['HEALTHCHECK NONE'],
    ]);
  }

  /** A value in one of the ways in which people write them. */
  #word(depth = 0): string {
    const plain = () => this.#pick(PLAIN);
    const name = () => this.#pick(NAMES);
    const kind = this.#pick([
      'plain',
      'plain',
      'var',
      'braces',
      'default',
      'cut',
      'single',
      'double',
      'escaped',
      'mixed',
    ]);
    if (depth > 2 || kind === 'plain') return plain();
    if (kind === 'var') return `$${name()}`;
    if (kind === 'braces') return `\${${name()}}`;
    if (kind === 'default') return `\${${name()}${this.#pick(MODIFIERS)}${this.#word(depth + 1)}}`;
    if (kind === 'cut') return `\${${name()}${this.#pick(CUTS)}}`;
    if (kind === 'single') return `'${plain()} $ONE'`;
    if (kind === 'double') return `"${plain()} \${${name()}:-x} \\"q\\" \\$TWO"`;
    if (kind === 'escaped') return `${plain()}\\ ${plain()}\\$ONE`;
    return `${plain()}-$${name()}.${plain()}`;
  }
}

/** Dockerfiles that BuildKit refuses before it builds anything, each for a reason of its own. */
export const REFUSED: readonly string[] = [
  'FORM scratch\n',
  'FROM scratch\nCOPPY a.txt /\n',
  'FROM scratch\nENV A\n',
  'FROM scratch\nLABEL A\n',
  'FROM scratch\nENV A=1 B\n',
  'FROM scratch\nVOLUME\n',
  'FROM Abc\nCOPY a.txt /\n',
  'FROM scratch AS Abc\nCOPY a.txt /\nFROM Abc\nCOPY a.txt /b/\n',
  'FROM scratch AS a\nCOPY a.txt /\nFROM scratch\nCOPY --from=9 /a.txt /\n',
  'FROM scratch AS a\nCOPY --from=a /a.txt /\n',
  'FROM scratch\nCOPY --chown a.txt /\n',
  'FROM scratch\nCOPY --fron=a a.txt /\n',
  'FROM scratch\nCOPY a.txt\n',
  'FROM scratch\nCOPY a.txt /\nCMD ["a", 1]\n',
  'FROM scratch\nCOPY a.txt /\nSHELL sh -c\n',
  'FROM scratch\nCOPY a.txt /\nEXPOSE 70000\n',
  'FROM scratch\nCOPY a.txt /\nHEALTHCHECK --retries=-1 CMD a\n',
  'FROM scratch\nCOPY a.txt /\nONBUILD FROM a\n',
  '# escape=x\nFROM scratch\nCOPY a.txt /\n',
  'FROM --platform=$NONE scratch\nCOPY a.txt /\n',
  'FROM scratch AS 1st\nCOPY a.txt /\n',
  'FROM scratch AS\nCOPY a.txt /\n',
  'FROM scratch one\nCOPY a.txt /\n',
  'FROM scratch AS s\nCOPY a.txt /\nFROM scratch\nARG V=s\nCOPY --from=$V /a.txt /\n',
  'FROM scratch\nARG A\nENV B=${A:?say which}\nCOPY a.txt /\n',
  'FROM scratch\nENV B=${A\nCOPY a.txt /\n',
  'FROM scratch\nCOPY <<EOF /x\nnever ended\n',
  'FROM scratch\nCOPY a.txt "/two words/"\n',
  'COPY a.txt /\nFROM scratch\n',
  '# nothing\n',
];
