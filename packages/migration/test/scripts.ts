/** Scripts of one step that become steps, with what they push. `$REGISTRY`, `$TAG` and `$NAMES` are in its `env`. */
export const SCRIPTS: Readonly<Record<string, readonly [script: string, pushes: number]>> = {
  'a name that only the shell knows, which the build does not have': [
    `ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
URI=$ACCOUNT.dkr.ecr.eu-west-1.amazonaws.com/orders
docker build -t orders .
docker tag orders $URI:1
docker push $URI:1`,
    1,
  ],
  ...one('a text that grows', 'V=1\nV+=-rc', '$V'),
  ...one('a text of itself', 'V=a\nV=$V-b', '$V'),
  ...one('a value that is taken before it changes', 'V=$(date)\nW=$V-x\nV=b', '$W-$V'),
  ...one('a variable of `env` that a loop sets', 'for TAG in x y; do echo $TAG; done', '$TAG'),
  ...one('a variable of `env` that read sets', 'read -r A TAG <<< "1 2"', '$TAG'),
  ...one('a variable of `env` that printf sets', "printf -v TAG '%s' q", '$TAG'),
  ...one('a variable of `env` that mapfile sets', 'mapfile -t TAG < <(echo 7)', '$TAG'),
  ...one('a variable of `env` that is counted', '((TAG=5))', '$TAG'),
  ...one('a variable of `env` with a default', ': "${TAG:=latest}"', '$TAG'),
  ...one('a variable of one command', 'TAG=2 make', '$TAG'),
  ...one('the first of a list', 'V=(p q)', '$V'),
  ...one('a guard', 'if [ -z "$REGISTRY" ]; then echo none; exit 1; fi', '1'),
  ...one('a folder of a shell of its own', '(cd sub && npm ci)', '1'),
  ...one('what is only printed', 'if true; then echo "next: docker build and docker push"; fi', '1'),
  ...one('a list that fails without ending its script', 'false && true', '1'),
  ...one('the same in a condition', 'if true; then false && true; fi', '1'),
  ...one('a command that is to fail', '! false', '1'),
  ...options('options in a text', 'X="--build-arg=A=1 --build-arg=B=2"', '$X'),
  ...options('a text behind an option', 'X="A=1 --no-cache"', '--build-arg $X'),
  ...options('options that grow', 'X="--build-arg A=1"\nX="$X --build-arg B=$TAG"\nX+=" --label a=b"', '$X'),
  ...options('an option twice', 'X=y', '-f a -f $X.Dockerfile --target a --target $X'),
  ...options('no options', 'X=""', '$X'),
  ...options('a list', 'X=(--build-arg A=1 --build-arg "B=2 3")\nX+=(--target run)', '"${X[@]}"'),
  ...options('a list without elements', 'X=()', '"${X[@]}"'),
  ...options(
    'options of a condition',
    'X=\nif [ -n "$TAG" ]; then X="$X --build-arg A=$TAG --pull"; fi',
    '$X',
  ),
  ...options('options of a loop', 'X=\nwhile read -r A; do X="$X --build-arg $A"; done <<< "A=1"', '$X'),
  ...options('a list of a condition', 'X=()\nif true; then X+=(--label "a=b c" --no-cache); fi', '"${X[@]}"'),
  ...options('arguments of a command', "X=$(printf 'A=1 --build-arg B=2')", '--build-arg $X'),
  ...options('options that nobody gives', '', '$X'),
  'options of a condition, and a folder that only the caller knows': [
    `X=
if true; then X="--target run"; fi
docker build $X -t $REGISTRY/a:1 \${{ inputs.folder }}
docker push $REGISTRY/a:1`,
    1,
  ],
  'what is only shown': [
    'docker build -t $REGISTRY/a:1 . | cat\ndocker push $REGISTRY/a:1 | tail -1\naws ecr describe-images | jq .',
    1,
  ],
  'a second registry': [
    'V=$(date)\ndocker buildx build --platform linux/amd64,linux/arm64 -t $REGISTRY/a:$V -t ghcr.io/acme/a:$V -t acme/a --push .',
    3,
  ],
  'names in a text': [
    'X="-t $REGISTRY/a:1 -t $REGISTRY/a:2"\ndocker build $X .\ndocker push $REGISTRY/a:1\ndocker push $REGISTRY/a:2',
    2,
  ],
  ...turns('names that are written out', 'api web'),
  ...turns('names in `env`', '$NAMES'),
  ...turns('names in quotes', '"api" \'web\''),
  'a loop over a list': [
    'L=(api "web")\nfor S in "${L[@]}"; do echo $S; docker build -t $REGISTRY/$S:1 $S && docker push $REGISTRY/$S:1; done',
    2,
  ],
  'a loop over tags': [
    'docker build -t a .\nfor T in 1 $TAG latest; do docker tag a $REGISTRY/a:$T; docker push $REGISTRY/a:$T; done',
    3,
  ],
  'a loop that asks for each name': [
    'for S in api web; do V=$(git describe $S); docker build -t $REGISTRY/$S:$V $S; docker push $REGISTRY/$S:$V; done',
    2,
  ],
  'a loop that counts': [
    'I=0; for S in api web; do I=$((I+1)); docker build -t $REGISTRY/$S:$I .; docker push $REGISTRY/$S:$I; done',
    2,
  ],
  'a text that a command replaces, and a text again': [
    `V=$(date)
docker build -t $REGISTRY/a:$V .
docker push $REGISTRY/a:$V
W=$V-x
docker build -t $REGISTRY/b:$W .
docker push $REGISTRY/b:$W
V=b
docker build -t $REGISTRY/c:$V .
docker push $REGISTRY/c:$V`,
    3,
  ],
  'every tag': [
    'docker build -t $REGISTRY/a:1 .; docker tag $REGISTRY/a:1 $REGISTRY/a:2; docker push -a $REGISTRY/a',
    2,
  ],
  'a loop with pairs': [
    'for P in api:a web:b; do N=${P%%:*}; D=${P##*:}; docker build -t $REGISTRY/$N:1 $D; docker push $REGISTRY/$N:1; done',
    2,
  ],
  'a loop with other commands between': [
    `for S in api web; do
  aws ecr describe-repositories --repository-names $S || aws ecr create-repository --repository-name $S
  docker build -f $S.Dockerfile --build-arg N=$S -t $S .
  docker tag $S $REGISTRY/$S:$TAG
  docker push $REGISTRY/$S:$TAG || { echo "no push of $S"; exit 1; }
done
echo $S was the last`,
    2,
  ],
  'commands of the shell after the last push': [
    `docker build -t $REGISTRY/a:1 .
if ! docker push $REGISTRY/a:1; then echo failed; exit 1; fi
set +e
for each in 1 2 3; do if [ $each = 2 ]; then exit 0; fi; done
exit 1`,
    1,
  ],
  'other commands between two images': [
    `docker build -t $REGISTRY/a:1 .
docker push $REGISTRY/a:1
npm run build
docker build -t $REGISTRY/b:1 .
docker push $REGISTRY/b:1`,
    2,
  ],
};

/** One image, with this tag, after these lines. */
function one(what: string, before: string, tag: string): typeof SCRIPTS {
  return {
    [what]: [`${before}\ndocker build -t $REGISTRY/a:${tag} .\ndocker push $REGISTRY/a:${tag}`, 1],
  };
}

/** One image that is built with these options. */
function options(what: string, before: string, given: string): typeof SCRIPTS {
  return { [what]: [`${before}\ndocker build ${given} -t $REGISTRY/a:1 .\ndocker push $REGISTRY/a:1`, 1] };
}

/** An image for each of two names. */
function turns(what: string, names: string): typeof SCRIPTS {
  const script = `for S in ${names}; do
  docker build -t $REGISTRY/$S:1 ./$S
  docker push $REGISTRY/$S:1
done`;
  return { [`a loop over ${what}`]: [script, 2] };
}
