import { job } from './a-job.ts';

/**
 * Scripts of one step in which a command decides what is built. `answer A` and `answer B` are such commands: a test plays each way
 * in which they may end. `$REGISTRY` and `$TAG` are in `env`, and a step after it reads the outputs `x` and `y`, and `$LATER`.
 */
export const CHOICES: Readonly<Record<string, string>> = {
  'a build in a condition': `if answer A; then
  echo building
  docker build -t $REGISTRY/a:$TAG .
  docker push $REGISTRY/a:$TAG
  echo built
else
  echo "nothing to build"
fi
echo end`,
  'each branch has its build': `if answer A; then
  docker build --build-arg E=prod -t $REGISTRY/a:$TAG .
  docker push $REGISTRY/a:$TAG
elif answer B; then
  docker build --build-arg E=test -t $REGISTRY/a:$TAG .
  docker push $REGISTRY/a:$TAG
else
  docker build -t $REGISTRY/a:$TAG .
  docker push $REGISTRY/a:$TAG
fi`,
  'one of several branches': `if answer A; then echo a; elif answer B; then docker build -t $REGISTRY/a .; docker push $REGISTRY/a; fi`,
  'a condition that is negated, of several commands': `if ! answer A && { answer B || false; }; then
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
fi`,
  'a guard that ends the script': `if answer A; then
  echo "there already"
  exit 0
fi
docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1
echo "x=built" >> $GITHUB_OUTPUT`,
  'guards in one line': `answer A || exit 0
docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1
answer B && { echo enough; exit 0; }
docker build -t $REGISTRY/b:1 .
docker push $REGISTRY/b:1`,
  'a guard that fails': `answer A || { echo no; exit 3; }
answer B || exit 0
docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1`,
  'a branch that builds and ends the script': `if answer A; then
  docker build --target fast -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
  exit 0
fi
if answer B; then npm ci; fi
docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1`,
  'a condition in a line': `answer A && docker build -t $REGISTRY/a:1 . && docker push $REGISTRY/a:1
answer B || docker build -t $REGISTRY/b:1 --push .
echo end`,
  'a condition in the last line': `docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1
answer A && docker build -t $REGISTRY/b:1 . && docker push $REGISTRY/b:1`,
  'conditions in the last line': `answer A && answer B && docker build -t $REGISTRY/b:1 --push .`,
  'a last line in a condition': `if answer A; then
  answer B && docker build -t $REGISTRY/b:1 --push .
fi`,
  'a group behind a condition': `answer A && { echo go; docker build -t $REGISTRY/a:1 .; docker push $REGISTRY/a:1; }
echo end`,
  'a command of a branch that fails': `if answer A; then
  answer B
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
fi
echo end`,
  'a command that fails after the build of a branch': `if answer A; then
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
  answer B
  echo "y=1" >> $GITHUB_OUTPUT
fi
echo end`,
  'texts of a branch in names': `REPO=dev
if answer A; then
  REPO=prod
  V=$(date)
  docker build -t $REGISTRY/$REPO:$V .
  docker push $REGISTRY/$REPO:$V
else
  V=none
fi
echo "$REPO $V"
docker build -t $REGISTRY/z:$V --label r=$REPO .
docker push $REGISTRY/z:$V`,
  'a text of one branch in the other': `V=$(date)
W=$V-x
if answer A; then
  V=b
  docker build -t $REGISTRY/a:$V-$W .
  docker push $REGISTRY/a:$V-$W
else
  docker build -t $REGISTRY/a:$V-$W --no-cache .
  docker push $REGISTRY/a:$V-$W
fi
docker build -t $REGISTRY/z:$V-$W .
docker push $REGISTRY/z:$V-$W`,
  'a value that the condition sets': `if V=$(test "$A" = 0 && date); then
  docker build -t $REGISTRY/a:$V .
  docker push $REGISTRY/a:$V
fi
echo "V is $V"`,
  'conditions in conditions': `if answer A; then
  T=1
  if answer B; then
    T=2
    docker build -t $REGISTRY/a:$T .
    docker push $REGISTRY/a:$T
  fi
  docker build -t $REGISTRY/b:1 .
  docker push $REGISTRY/b:1
fi`,
  'a loop in a condition': `if answer A; then
  for S in api web; do
    docker build -t $REGISTRY/$S:1 $S
    docker push $REGISTRY/$S:1
  done
fi`,
  'a condition in each turn': `for S in A B; do
  if answer $S; then echo "skip $S"; continue; fi
  docker build -t $REGISTRY/img-\${S}x:1 .
  docker push $REGISTRY/img-\${S}x:1
done
echo end`,
  'a guard in each turn': `for S in A B; do
  answer $S || continue
  docker build -t $REGISTRY/app:$S .
  docker push $REGISTRY/app:$S
  echo "$S is done" | cat
done`,
  'a case': `S=$(answer A && echo one || echo two)
case "$S" in
  one | eins)
    docker build -t $REGISTRY/one:1 .
    docker push $REGISTRY/one:1 ;;
  three) ;;
  *)
    N=$(date)
    docker build -t $REGISTRY/other:$N .
    docker push $REGISTRY/other:$N
    ;;
esac`,
  'an output of the branch': `if answer A; then
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
  echo "x=yes" >> $GITHUB_OUTPUT
fi`,
  'an output before the build of the branch': `if answer A; then
  echo "x=yes" >> $GITHUB_OUTPUT
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
else
  echo "x=no" >> $GITHUB_OUTPUT
fi`,
  'a variable of the branch for later steps': `if answer A; then
  docker build -t $REGISTRY/a:1 .
  docker push $REGISTRY/a:1
  echo "LATER=1" >> $GITHUB_ENV
fi`,
  'a name of another registry': `if answer A; then docker build -t $REGISTRY/a:1 -t ghcr.io/acme/a:1 --push .; fi`,
  'an image that stays on the runner': `if answer A; then
  docker build -t $REGISTRY/a:1 .
else
  docker build -t $REGISTRY/a:1 --target small .
fi
docker run --rm $REGISTRY/a:1
docker push $REGISTRY/a:1`,
  'a restart after each branch': `if answer A; then
  docker build -t $REGISTRY/a:1 --push .
  aws ecs update-service --cluster c --service s --force-new-deployment
  echo restarted
fi
echo end`,
  'a push after branches that build one name': `if answer A; then docker build -t $REGISTRY/a:1 .; else docker build -t $REGISTRY/a:1 --target b .; fi
docker push $REGISTRY/a:1`,
  'an image that is named after the branch which builds it': `if answer A; then docker build -t $REGISTRY/a:1 --push .; fi
echo "x=$REGISTRY/a:1" >> $GITHUB_OUTPUT`,
  'a function that is called with names': `log() {
  echo "== $1" | cat
}
build_and_push() {
  local service=$1 target="\${2}"
  local VERSION=$(git describe $service)
  log "building $service"
  docker build --target $target -t "$REGISTRY/$service:$VERSION" ./$service
  docker push "$REGISTRY/$service:$VERSION"
  echo "$service is done"
}
build_and_push api run
if answer A; then
  build_and_push "web-$TAG" 'test'
fi`,
  'a function whose word is read after another call': `say() { echo "-- $1"; }
build() {
  say "for $1"
  docker build -t $REGISTRY/app:$1 .
  say "again $1"
  docker push $REGISTRY/app:$1
}
answer A || exit 0
build "$TAG"
build "y-$TAG"`,
  'a function that asks a condition, in a loop': `function build {
  if answer $1; then
    docker build -t $REGISTRY/app:$1 --push .
  fi
  echo "$1"
}
for S in A B; do
  build $S-x
  build A
done`,
  'names that are not set, where that fails': `set -euo pipefail
if answer A; then
  W=$(git describe)
  docker build -t $REGISTRY/a:$W --push .
fi
docker build -t $REGISTRY/b:1 --push .`,
  'a branch whose last command says no': `if answer A; then
  docker build -t $REGISTRY/a:1 --push .
  answer B && npm ci
else
  docker build -t $REGISTRY/b:1 --push .
fi`,
  'a variable of programs that a branch sets': `if answer A; then V=2; fi
docker build -t $REGISTRY/b:1 --push .
if test "$(printenv V)" = 2; then docker build -t $REGISTRY/c:1 --push .; fi`,
  'an option that a condition sets': `if docker pull $REGISTRY/a:cache; then W="--cache-from $REGISTRY/a:cache"; fi
if answer A; then docker build $W -t $REGISTRY/a:1 --push .; fi`,
  'outputs before a guard and after it': `if answer A; then
  echo "x=there already" >> $GITHUB_OUTPUT
  exit 0
fi
docker build -t $REGISTRY/a:1 --push .
echo "y=built" >> "$GITHUB_OUTPUT"`,
  'a value of each turn in a branch': `for S in A B; do
  if answer $S; then
    docker build -t $REGISTRY/app:$S --push .
    W=$(git describe $S)
    docker build -t $REGISTRY/other:$W --push .
    echo "$W" | cat
  fi
done`,
  'a push in a condition': `docker build -t $REGISTRY/a:1 .
if answer A; then
  docker tag $REGISTRY/a:1 $REGISTRY/a:latest
  docker push $REGISTRY/a:latest
fi
docker push $REGISTRY/a:1`,
};

/** A job with such a script, and a step after it that says what it finds. */
export function aChoice(script: string): string {
  const lines = script.split('\n').map((line) => `          ${line}\n`);
  const asked = ['x', 'y'].filter((name) => script.includes(`${name}=`));
  const outputs = asked.map((name) => `${name} is \${{ steps.it.outputs.${name} }}, `);
  return job(`      - id: it
        env:
          REGISTRY: \${{ steps.ecr.outputs.registry }}
          TAG: v1
          V: 1
        run: |
${lines.join('')}      - run: echo "then ${outputs.join('')}LATER is $LATER"
`);
}
