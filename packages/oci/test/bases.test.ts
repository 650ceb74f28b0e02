import { describe, expect, it } from '@jest/globals';
import { baseReferences } from '../src/dockerfile/bases.ts';
import { readDockerfile } from '../src/dockerfile/read.ts';

const references = (text: string, target?: string) =>
  baseReferences(readDockerfile('Dockerfile', text), { GIVEN: 'debian' }, ['linux/amd64'], target);

describe('the images that a build begins with or takes files from', () => {
  it.each<[string, string, readonly string[]]>([
    ['an argument before the first FROM', 'ARG V=3 W=$V.1\nFROM alpine:$W', ['alpine:3.1']],
    ['a value that was given', 'ARG GIVEN=alpine\nFROM ${GIVEN}', ['debian']],
    [
      'COPY --from and a mount',
      'FROM a\nCOPY --from=b:1 /x /y\nRUN --mount=type=bind,from=c,target=/c ls',
      ['a', 'b:1', 'c'],
    ],
    ['only what the target needs', 'FROM a AS one\nCOPY --from=b /x /y\nFROM c', ['c']],
    ['a stage that a mount needs', 'FROM a AS one\nFROM scratch\nRUN --mount=from=one,target=/c ls', ['a']],
    [
      'a stage by number, for COPY alone',
      'FROM a\nFROM c\nCOPY --from=0 /x /y\nRUN --mount=from=0,target=/c ls',
      ['0', 'a', 'c'],
    ],
    ['FROM with a number is an image', 'FROM a\nFROM 0', ['0']],
    ['scratch is no image', 'FROM scratch\nCOPY --from=scratch / /', []],
    [
      'a name that is used twice, the second time of itself',
      'FROM alpine AS alpine\nFROM alpine',
      ['alpine'],
    ],
    [
      'what ONBUILD of the stage before takes',
      'FROM a AS one\nONBUILD COPY --from=b /x /y\nFROM one',
      ['a', 'b'],
    ],
  ])('%s', (_, text, expected) => {
    expect(references(text)).toEqual(expected);
  });

  it.each([
    ['FROM Alpine', 'FROM Alpine names the image Alpine; the name of an image is in lower case'],
    ['FROM scratch AS Build\nFROM Build', 'the name of an image is in lower case'],
    ['FROM a:b:c', 'which is no name of an image'],
    ['FROM a:-b', 'whose tag is none'],
    ['FROM a@sha256:1', 'whose digest is none'],
    ['FROM a\nCOPY --from=Tools:1 /x /y\nFROM scratch', 'line 2: COPY names the image Tools:1'],
    ['FROM a\nRUN --mount=from=Tools,target=/t ls', 'line 2: RUN names the image Tools'],
    ['FROM ${NOTHING}\nFROM scratch', 'FROM ${NOTHING} names no image'],
    ['FROM --platform=$NONE a', 'has a platform without a value'],
    ['FROM --platform=linux/amd64/v2/x a', 'write one as linux/amd64'],
    ['FROM --platform=windoze a', 'has the platform windoze, which is unknown'],
    ['FROM scratch\nCOPY --from=3 /x /y', '--from=3 is no stage; there are 1'],
    ['FROM scratch AS a\nCOPY --from=a /x /y', 'takes files from its own stage'],
    ['FROM scratch\nRUN --mount=type=sekret,id=a ls', 'has the type sekret'],
    ['FROM scratch\nRUN --mount=type=cache,target=/c,sharing=odd ls', 'has sharing=odd'],
    ['FROM scratch\nRUN --mount=type=bind,target=/c,mode=600 ls', 'has mode, which a mount of the type bind'],
    ['FROM scratch\nRUN --mount=type=secret ls', 'names no secret'],
    ['FROM scratch\nRUN --mount=type=bind,z ls', 'has z, which needs a value'],
    ['FROM scratch\nRUN --mount=type=bind,zone=a ls', 'has zone, which is unknown'],
    ['FROM scratch\nRUN --mount=type=cache,target=/c,uid=me ls', 'has uid=me, which is no number'],
    ['FROM scratch\nRUN --mount=type=bind,target=/c,rw=no ls', 'neither true nor false'],
    [
      'FROM scratch\nRUN --mount=required,type=secret,id=a ls',
      'has required, which a mount of the type bind',
    ],
    ['FROM scratch\nRUN --mount=size=1m,type=tmpfs,target=/t ls', 'write the type in front of it'],
    ['FROM scratch\nRUN --mount=type=tmpfs,target=/t,size=1x ls', 'has size=1x, which is no size'],
    ['FROM scratch\nRUN --mount=type=secret,id=a,source=b ls', 'has both id and source'],
    ['FROM scratch\nRUN --mount=type=cache,target=/ ls', 'has the target /, which is everything'],
    ['FROM scratch\nRUN --mount=type=cache,target=/c,rw=tRUE ls', 'neither true nor false'],
    ['FROM scratch\nRUN --mount=type=cache,target=/c,uid=4294967296 ls', 'which is no number'],
    ['FROM scratch\nRUN --mount=type=cache,targ\\"et=/c ls', 'has quotes that do not enclose a whole option'],
    ['FROM scratch\nRUN --mount=type=cache,target=/c,$T=1 ls', 'has $t, which is unknown'],
    ['FROM scratch\nRUN --mount=target=/c,from=$T ls', 'BuildKit puts no variable into from'],
  ])('refused as BuildKit does: %s', (text, why) => {
    expect(() => references(text)).toThrow(why);
  });

  it('a stage that comes later is refused where the target needs it, and not elsewhere', () => {
    const text = 'FROM scratch AS a\nCOPY --from=b /x /y\nFROM debian AS b';
    expect(references(text)).toEqual(['debian']);
    expect(() => references(text, 'a')).toThrow('takes files from a stage that comes later');
    expect(() => references(text, '0')).toThrow('it has no stage 0 to build; its stages are a, b');
  });

  it('takes what people write', () => {
    const written = [
      'FROM --platform=$BUILDPLATFORM a',
      'FROM --platform=arm64 registry.example:5000/a/b_c.d--e:1.2-x@sha256:'.concat('a'.repeat(64)),
      'FROM LOCALHOST/a',
      'FROM a\nRUN --mount=type=cache,id=x,target=/c,sharing=locked,uid=1,gid=2,mode=0755 ls',
      'FROM a\nRUN --mount=type=secret,id=x,required,env=X --mount=type=tmpfs,target=/t,size=1g ls',
      'FROM a\nRUN --mount=type=ssh --mount=target=.,rw --mount=type=bind,src=a,dst=/b,ro=TRUE ls',
      'FROM a\nRUN --mount=type=$T,uid=$U ls',
      'FROM a\nRUN --mount=type=$T,required,size=$S,target=/c ls',
      'FROM a\nRUN --mount=type=cache,target=/${P:-c},sharing=$S,id=$I ls',
      'FROM a\nRUN --mount=type=bind,target=/a/..,source=$S ls',
      'FROM a\nRUN --mount=type=cache,\\"target=/c,d\\" --mount="type=cache,target=/c,ro" ls',
    ];
    for (const text of written) expect(references(text).length).toBe(1);
  });
});
