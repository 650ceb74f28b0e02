import * as fc from 'fast-check';

/** Options of `RUN --mount`, good ones and bad ones, some with a variable. */
const OPTIONS = [
  ...['bind', 'cache', 'tmpfs', 'secret', 'ssh', 'Cache', 'odd', '$TYPE', '${NONE:-tmpfs}'].map(
    (type) => `type=${type}`,
  ),
  ...['target=/t', 'target=/t', 'dst=$WORD', 'destination=rel', 'target=/', 'target=/a/..'],
  ...['source=a.txt', 'src=$WORD', 'id=x', 'id=$WORD', 'from=other', 'from=$WORD', 'from=$', 'from='],
  ...[
    'ro',
    'rw',
    'readonly=true',
    'ro=no',
    'rw=T',
    'readwrite=tRUE',
    'required',
    'required=true',
    'required=$WORD',
  ],
  ...[
    'size=64m',
    'size=1.5 GiB',
    'size=1x',
    'size=$NUMBER',
    'sharing=locked',
    'sharing=odd',
    'sharing=$WORD',
  ],
  ...['mode=0755', 'mode=9', 'mode=$NUMBER', 'uid=1', 'uid=me', 'uid=$NUMBER', 'gid=4294967296', 'gid=0'],
  ...['zone=a', 'alone', '"target=/a,b"', 'ta"rget=/x', '', 'TYPE=cache', '$WORD=a'],
];

/** Dockerfiles of a seed with one mount each, always the same ones. */
export function mountsOf(seed: number, count: number): readonly string[] {
  const mount = fc
    .tuple(
      fc.constantFrom(...OPTIONS.filter((option) => option.startsWith('type=')), ...OPTIONS),
      fc.array(fc.constantFrom(...OPTIONS), { maxLength: 3 }),
      fc.boolean(),
    )
    .map(([first, others, last]) => (last ? [...others, first] : [first, ...others]).join(','));
  return fc.sample(mount, { seed, numRuns: count }).map(dockerfileWith);
}

function dockerfileWith(mount: string): string {
  return [
    'FROM scratch AS other',
    'COPY a.txt /',
    'FROM scratch',
    'ARG TYPE=cache NUMBER=7 WORD=word',
    'WORKDIR /w',
    `RUN --mount=${mount.replaceAll(' ', '\\ ')} ["/none"]`,
    '',
  ].join('\n');
}
