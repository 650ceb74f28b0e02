import fc from 'fast-check';

/** Scripts of conditions, guards, loops, texts, builds and outputs, as people write them and as nobody does. */

const NAMES = ['V', 'W', 'S'];
const name = fc.constantFrom(...NAMES);
const digit = fc.integer({ min: 1, max: 3 });

const condition = fc.oneof(
  ...['answer A', 'answer B', '! answer A', 'answer A && answer B', 'answer A || answer B'].map((each) =>
    fc.constant(each),
  ),
  fc.tuple(name, digit).map(([each, value]) => `[ "$${each}" = ${value} ]`),
  fc.tuple(name, digit).map(([each, value]) => `${each}=$(test "$A" = 0 && echo ${value})`),
);

const text = fc.oneof(
  digit.map((value) => `${value}`),
  digit.map((value) => `$(date)-${value}`),
  name.map((each) => `$${each}`),
  fc.tuple(name, digit).map(([each, value]) => `$${each}-${value}`),
);

const image = fc.oneof(
  digit.map((value) => `$REGISTRY/a:${value}`),
  name.map((each) => `$REGISTRY/b:x$${each}`),
);

const build = fc
  .tuple(image, fc.constantFrom('.', '--target t .', '--build-arg X="$V" .'))
  .map(([each, rest]) => [`docker build -t ${each} ${rest}`, `docker push ${each}`]);

const plain = fc.oneof(
  { weight: 1, arbitrary: digit.map((value) => [`echo ${value}`]) },
  { weight: 3, arbitrary: fc.tuple(name, text).map(([each, value]) => [`${each}=${value}`]) },
  { weight: 4, arbitrary: build },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'y'), text)
      .map(([each, value]) => [`echo "${each}=${value}" >> $GITHUB_OUTPUT`]),
  },
  { weight: 1, arbitrary: fc.tuple(image, image).map(([from, to]) => [`docker tag ${from} ${to}`]) },
  { weight: 1, arbitrary: image.map((each) => [`docker push ${each}`]) },
  { weight: 1, arbitrary: fc.constantFrom('answer A', 'answer B').map((each) => [each]) },
  { weight: 1, arbitrary: name.map((each) => [`echo "said $${each}" | cat`]) },
  { weight: 1, arbitrary: name.map((each) => [`echo "LATER=$${each}" >> $GITHUB_ENV`]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('f 1', 'f "$V"', 'f $V', "f '2'", 'g 3 "x$W"', 'g $V 4').map((each) => [each]),
  },
);

type Lines = readonly string[];
const indented = (lines: Lines) => lines.map((line) => `  ${line}`);

function list(depth: number, end: 'exit 0' | 'continue' | undefined): fc.Arbitrary<Lines> {
  const one: fc.Arbitrary<Lines> =
    depth === 0
      ? plain
      : fc.oneof({ weight: 3, arbitrary: plain }, { weight: 3, arbitrary: compound(depth, end) });
  return fc.array(one, { minLength: 1, maxLength: depth === 0 ? 3 : 4 }).map((each) => each.flat());
}

function compound(depth: number, end: 'exit 0' | 'continue' | undefined): fc.Arbitrary<Lines> {
  const body = list(depth - 1, undefined);
  const either = fc.tuple(condition, body, fc.option(fc.tuple(condition, body)), fc.option(body));
  const ended = fc.constantFrom(...(end === undefined ? [''] : ['', '', end]));
  return fc.oneof(
    fc
      .tuple(either, ended)
      .map(([[asked, then, more, otherwise], last]) => [
        ...[`if ${asked}; then`, ...indented(then), ...(last === '' ? [] : [`  ${last}`])],
        ...(more ? [`elif ${more[0]}; then`, ...indented(more[1])] : []),
        ...(otherwise ? ['else', ...indented(otherwise)] : []),
        'fi',
      ]),
    fc
      .tuple(condition, body, body)
      .map(([asked, some, others]) => [
        ...[
          `case "$(${asked} && echo 1)" in`,
          '  1 | 2)',
          ...indented(some),
          '    ;;',
          '  *)',
          ...indented(others),
          'esac',
        ],
      ]),
    fc
      .tuple(condition, image, fc.constantFrom('&&', '||'))
      .map(([asked, each, then]) => [
        `${/ (&&|\|\|) /.test(asked) ? `{ ${asked}; }` : asked} ${then} docker build -t ${each} --push .`,
      ]),
    fc
      .tuple(fc.constantFrom('A B', '1 2', '$V'), list(depth - 1, 'continue'))
      .map(([words, lines]) => [`for S in ${words}; do`, ...indented(lines), 'done']),
    ...(end === undefined
      ? []
      : [
          fc
            .tuple(condition, fc.constantFrom('&&', '||'))
            .map(([asked, then]) => [
              `${/ (&&|\|\|) /.test(asked) ? `{ ${asked}; }` : asked} ${then} ${end}`,
            ]),
        ]),
  );
}

/** A function of what it is given, and one that calls it. */
const functions = fc
  .tuple(fc.array(fc.oneof(plain, words()), { maxLength: 3 }), fc.boolean())
  .map(([lines, calls]) => [
    ...['f() {', '  local T=$1', ...indented(lines.flat().filter((line) => !/^[fg] /.test(line)))],
    ...['  docker build -t $REGISTRY/f:$T-$1 --push .', '}', 'g() {'],
    ...(calls ? ['  f "$2"'] : []),
    ...['  docker build -t $REGISTRY/g:$1 --label l=$2 .', '  docker push $REGISTRY/g:$1', '}'],
  ]);

function words(): fc.Arbitrary<Lines> {
  return fc.constantFrom<Lines>(
    ['V=$1'],
    ['W="$1-$V"'],
    ['if [ "$1" = 1 ]; then', '  echo one', 'fi'],
    ['S=$T'],
  );
}

export const generatedScript = fc
  .tuple(functions, list(2, 'exit 0'))
  .map(([defined, lines]) =>
    [...(lines.some((line) => /^ *[fg] /.test(line)) ? defined : []), ...lines].join('\n'),
  );
