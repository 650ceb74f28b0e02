import { describe, expect, it } from '@jest/globals';
import { readDockerfile } from '../src/dockerfile/read.ts';

const linesOf = (text: string) =>
  readDockerfile('Dockerfile', text).stages.flatMap(({ lines }) =>
    lines.map(({ number, keyword, text: said }) => [number, keyword, said]),
  );

describe('lines of a Dockerfile are joined as BuildKit joins them', () => {
  it.each<[string, string, readonly (readonly [number, string, string])[]]>([
    [
      'two escapes at the end do not continue a line',
      'ENV A=b\\\\\nENV C=d\n',
      [
        [2, 'ENV', 'A=b\\\\'],
        [3, 'ENV', 'C=d'],
      ],
    ],
    [
      'a continued line keeps the blanks of the next one',
      'CMD echo \\  \n   a\\\n\tb\nUSER x\n',
      [
        [2, 'CMD', 'echo    a\tb'],
        [5, 'USER', 'x'],
      ],
    ],
    [
      'comments and empty lines inside of a continued line are left out',
      'CMD a \\\n  # b \\\n\n  c\n  # d\nUSER x',
      [
        [2, 'CMD', 'a   c'],
        [7, 'USER', 'x'],
      ],
    ],
    ['the file may end in a continued line', 'CMD a \\', [[2, 'CMD', 'a']]],
    [
      'carriage returns belong to no line',
      'CMD a \\\r\n b\r\nUSER x\r\n',
      [
        [2, 'CMD', 'a  b'],
        [4, 'USER', 'x'],
      ],
    ],
    [
      'here-documents are no lines, up to the end of the last one',
      'RUN cat <<A <<-"B" && true\nENV x\nA\nLABEL\n\tB\nUSER x\nRUN echo $((1<<2))\nUSER y\n',
      [
        [2, 'RUN', 'cat <<A <<-"B" && true'],
        [7, 'USER', 'x'],
        [8, 'RUN', 'echo $((1<<2))'],
        [9, 'USER', 'y'],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(linesOf(`FROM scratch\n${text}`)).toEqual(expected);
  });

  it('with the escape character that the file names', () => {
    expect(linesOf('# escape=`\nFROM scratch\nENV A=c:\\\nCMD a`\n  b\n')).toEqual([
      [3, 'ENV', 'A=c:\\'],
      [4, 'CMD', 'a  b'],
    ]);
  });
});

describe('lines that BuildKit refuses', () => {
  it('are named all at once', () => {
    const text = [
      'FROM scratch',
      'ENV A',
      'LABEL a.b',
      'ENV A=1 B',
      'LABEL =x',
      'COPY a',
      'ENV A b',
      'LABEL "a b" c',
      '\\',
      '  \\  ',
      'FORM scratch',
      'COPY --from=$BASE /a /b',
      'FRIENDS x',
      'FROM scratch AS 1st',
      'VOLUME',
      'CMD',
      'COPY <<EOF /x',
      'never ended',
    ].join('\n');
    expect(() => readDockerfile('Dockerfile', text)).toThrow(
      expect.objectContaining({
        code: 'DOCKERFILE_INVALID',
        details: [
          'line 2: ENV A has no value; write A=value',
          'line 3: LABEL a.b has no value; write a.b=value',
          'line 4: ENV B has no =; write B=value',
          'line 5: LABEL has a value without a name',
          'line 6: COPY a has no target; write sources and a target',
          'line 9: FORM is no instruction: did you mean FROM?',
          'line 12: COPY --from=$BASE names no stage, because BuildKit puts no variable in there; write FROM $BASE AS a name, and copy from that name',
          'line 13: FRIENDS is no instruction',
          'line 14: 1st is no name of a stage; begin it with a letter',
          'line 15: VOLUME has no arguments; say what it is about',
          'line 17: the here-document EOF does not end',
        ],
      }),
    );
  });

  it.each([
    ['FROM scratch one', 'FROM takes an image'],
    ['ARG =x', 'ARG has a value without a name'],
    ['CMD ["a", 1]', 'CMD ["a", 1] is a list with something that is no text'],
    ['COPY ["a"]', 'COPY ["a"] has no target'],
    ['COPY --fron=a /b /c', 'COPY has no flag --fron; did you mean --from?'],
    ['COPY --chown /b /c', 'COPY --chown has no value'],
    ['COPY --link=maybe a b', 'COPY --link=maybe is neither true nor false'],
    ['COPY --from=a --from=b /c /d', 'COPY has --from twice'],
    ['ENV --x=1 A=2', 'ENV has no flag --x'],
    ['EXPOSE', 'EXPOSE has no arguments'],
    ['HEALTHCHECK CMD', 'HEALTHCHECK takes CMD and a command, or NONE'],
    ['HEALTHCHECK NONE x', 'HEALTHCHECK takes CMD and a command, or NONE'],
    ['HEALTHCHECK --interval=10us CMD a', '10us is too short'],
    ['HEALTHCHECK --timeout=1x CMD a', '"1x" is no duration'],
    ['HEALTHCHECK --retries=-1 CMD a', '--retries=-1 is no count'],
    ['ONBUILD FROM a', 'ONBUILD takes no FROM'],
    ['ONBUILD ENV A', 'ENV A has no value'],
    ['ONBUILD CMD ["a", 1]', 'ONBUILD CMD has a list'],
    [
      'RUN --mount=from=$BASE ls',
      'RUN --mount=from=$BASE names no stage, because BuildKit puts no variable into from',
    ],
    ['RUN --network=all ls', 'RUN --network=all is unknown'],
    ['RUN --security=none ls', 'RUN --security=none is unknown'],
    ['SHELL sh -c', 'SHELL takes a list'],
    ['SHELL []', 'SHELL has no arguments'],
    ['VOLUME ["", "/a"]', 'VOLUME has an empty path'],
  ])('%s', (line, why) => {
    expect(() => readDockerfile('Dockerfile', `FROM scratch\n${line}\n`)).toThrow(`line 2: ${why}`);
  });

  it.each([
    ['# escape=x', '# escape=x names neither'],
    ['# escape=`\n# escape=`', '# escape= is there twice'],
  ])('%j at the top', (directive, why) => {
    expect(() => readDockerfile('Dockerfile', `${directive}\nFROM scratch\n`)).toThrow(why);
  });

  it('and what it takes is taken: an empty RUN, flags in quotes, --, a directive after a comment', () => {
    const text = '# a comment\n# escape=`\nFROM scratch\nRUN\nCOPY --chown="7:8" -- --odd b\n';
    const { escapeWith, stages } = readDockerfile('Dockerfile', text);
    expect(escapeWith).toBe('\\');
    expect(stages[0]?.lines).toEqual([
      { number: 4, keyword: 'RUN', flags: [], text: '' },
      { number: 5, keyword: 'COPY', flags: [{ name: 'chown', value: '7:8' }], text: '--odd b' },
    ]);
  });

  it('also when an escape at the end of the file continues nothing', () => {
    expect(() => readDockerfile('Dockerfile', 'FROM scratch\n\\')).toThrow('line 2: there is no instruction');
  });
});
