import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { told } from './a-job.ts';
import { aChoice } from './choices.ts';

const BUILD = 'docker build -t $REGISTRY/a:1 --push .';

test.each([
  // What a branch sets after its build, nobody hands on: the branch may not have run.
  [
    `if true; then ${BUILD}; W=$(date); fi\ndocker build -t $REGISTRY/b:$W --push .`,
    '$W is set in a branch of its script, after a build',
  ],
  [`if true; then ${BUILD}; W=1; fi\nmake "$W"`, 'its script reads $W, which is set in a branch'],
  [`for S in a b; do [ -d $S ] || continue; ${BUILD}; W=$W$S; done`, 'its script reads $W, which is set in'],
  [`set -eu\nif true; then W=$(date); ${BUILD}; fi\necho $W > x`, 'which fails without it by `set -u`'],
  [`if true; then W=$(date); ${BUILD}; fi\nmake \${W-none}`, 'its script asks whether $W is set'],
  // What programs read, no text of the script says: `V` is in `env`.
  [`if true; then ${BUILD}; V=2; fi\nmake`, 'its script reads $V, which is set in a branch'],
  [`if true; then ${BUILD}; export W=2; fi\nmake`, 'exports for programs after that'],
  [
    `if true; then export V=2; fi; docker build --build-arg V -t $REGISTRY/a:1 --push .`,
    'sets V and does not export',
  ],
  // Names that a command sets without saying them.
  [
    `if [[ "$(cat cfg)" =~ (.*) ]]; then W=\${BASH_REMATCH[1]}; docker build -t $REGISTRY/a:$W --push .; fi`,
    'an output would show in the log what `cat cfg`',
  ],
  // The end of a script is that of its last command.
  [`if true; then false && make; else ${BUILD}; fi`, 'is the last command of its script in one branch'],
  // The last output of a step counts.
  [
    `W=$(date); echo "W=$W-x" >> $GITHUB_OUTPUT; docker build -t $REGISTRY/a:$W --push .`,
    'its script writes an output W, and a step would hand on $W under that name',
  ],
  // A function that is more than its commands.
  ...['return 0', 'shift', 'make "$@"', 'local W', 'local W=$W', 'trap "" EXIT'].map((line) => [
    `f() { ${line}; ${BUILD}; }\nW=1; f a; make $W`,
    'a function that takes its end or its words in another way',
  ]),
  [`f() { ${BUILD}; [ -z "$1" ]; }\nif f a; then echo b; fi`, 'a function that takes its end or its words'],
  [`f() { ${BUILD}; true && false; }\nf`, 'a function that takes its end or its words in another way'],
  [
    `f() { docker build -t $REGISTRY/$1:1 --push .; }\nW='a b'; f $W`,
    'is given $W, which may be several words',
  ],
  [`f() { docker build -t $REGISTRY/a:$2 --push .; }\nf a`, 'a function that takes its end or its words'],
  [`f() { ${BUILD}; echo; }\nf() { echo; }\nf`, 'a function that takes its end or its words'],
  [
    `f() { docker build -t $REGISTRY/a:$(( $1 + 1 )) --push .; }\nf 1`,
    'a function that takes its end or its words',
  ],
  [`f() { docker build -t $REGISTRY/a:$2 --push .; }\nf \${{ inputs.a }} b`, 'which may be several words'],
  // What acts on the rest of the script.
  [`if true; then cd app; ${BUILD}; fi`, '`cd` in a condition of its script acts on what comes after'],
  [`if true; then set +x; ${BUILD}; fi`, '`set` in a condition of its script acts on what comes after'],
  [`if true; then if true; then exit 0; fi; ${BUILD}; fi`, '`exit` in a condition of its script'],
  [`for S in a b; do if true; then exit 0; fi; ${BUILD}; done`, 'a loop over names that this file does not'],
  // A condition that a step cannot ask.
  [`if ${BUILD}; then echo built; fi`, 'a condition of its script asks how `docker build'],
  [`case a in a) ${BUILD} ;& b) echo b ;; esac`, 'a `case` that goes on with its next branch'],
  [`if true; then ${BUILD}; fi &\nwait`, 'a command in the background'],
  // Another end of the list where something fails.
  [`true && ${BUILD} && make && docker push $REGISTRY/a:1`, 'with other commands after its first build'],
  [`true && ${BUILD} || echo no`, 'a list with `||`'],
  // Outputs that steps after it could not tell apart.
  [
    `if true; then ${BUILD}; echo "x=1" >> $GITHUB_OUTPUT; else echo "x=2" >> $GITHUB_OUTPUT; fi`,
    'two parts of its script write outputs',
  ],
])('a script stays where a condition of it could mean another thing: %s', (script, why) => {
  const text = aChoice(script);
  expect(told(text)).toContain(why);
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
});
