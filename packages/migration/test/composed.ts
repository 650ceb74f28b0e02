import { job } from './a-job.ts';

/** A compose file, and what it is to a person: commands of docker in place of `docker compose build` and `push`. */
export interface Composed {
  readonly files: Readonly<Record<string, string>>;
  /** Cases of a shell: `build) docker build … ;;`, which know nothing of how we read the file. */
  readonly byHand: string;
  /** Steps of a job whose `env` has REGISTRY and TAG. */
  readonly steps: string;
  readonly pushes: number;
}

export const ENV = `    env:
      REGISTRY: 111122223333.dkr.ecr.eu-west-1.amazonaws.com
      TAG: v1
`;

/** The workflow that builds it. */
export const workflowOf = ({ steps }: Composed) => job(steps, ENV);

const run = (script: string) => `      - run: |\n${script.replace(/^/gm, '          ')}\n`;

const ONE = `services:
  orders:
    image: \${REGISTRY}/orders:\${TAG:-latest}
    build:
      context: ./orders
      dockerfile: docker/Dockerfile
      target: run
      args:
        NODE: 18.10
        COMMIT: \${GITHUB_SHA}
        MODE: \${MODE:-production}
  db:
    image: postgres:16
`;
const ONE_BY_HAND = `build) docker build -t "$REGISTRY/orders:$TAG" -f orders/docker/Dockerfile --target run --build-arg NODE=18.1 --build-arg "COMMIT=$GITHUB_SHA" --build-arg "MODE=\${MODE:-production}" orders ;;
push) docker push "$REGISTRY/orders:$TAG" ;;`;

const TWO = `x-build: &build
  context: .
  labels: [team=shop]
services:
  api:
    image: "\${REGISTRY}/api:$TAG"
    build:
      <<: *build
      args: [SERVICE=api]
  web:
    image: "\${REGISTRY}/web:$TAG"
    platform: linux/amd64
    build:
      <<: *build
      args: [SERVICE=web, "NPM=\${NPM-none}"]
      tags: ["\${REGISTRY}/web:newest"]
`;
const API = `docker build -t "$REGISTRY/api:$TAG" --label team=shop --build-arg SERVICE=api .`;
const WEB = `docker build -t "$REGISTRY/web:$TAG" -t "$REGISTRY/web:newest" --platform linux/amd64 --label team=shop --build-arg SERVICE=web --build-arg "NPM=\${NPM-none}" .`;
const TWO_BY_HAND = `build) ${API}; ${WEB} ;;
push) docker push "$REGISTRY/api:$TAG"; docker push "$REGISTRY/web:$TAG"; docker push "$REGISTRY/web:newest" ;;`;

const NAMED = `services:
  web:
    build: ./web
    image: shop
`;

/** A script that does by hand what a compose file says. */
export const byHand = (cases: string) => `for verb; do case "$verb" in build|push|run|up) break ;; esac; done
case "$verb" in
${cases}
esac`;

/** What becomes steps of ours, with what is pushed. */
export const COMPOSED: Readonly<Record<string, Composed>> = {
  'one service': {
    files: { 'docker-compose.yml': ONE },
    byHand: ONE_BY_HAND,
    steps: run('docker compose build\ndocker compose push'),
    pushes: 1,
  },
  'a build and its push, each in a step': {
    files: { 'compose.yaml': ONE.replace('${MODE:-production}', 'production') },
    byHand: ONE_BY_HAND.replace('${MODE:-production}', 'production'),
    steps: `${run('docker compose build')}${run('docker compose push')}`,
    pushes: 1,
  },
  'a variable of one command': {
    files: { 'docker-compose.yml': ONE },
    byHand: ONE_BY_HAND,
    steps: run('MODE=test docker compose build orders\ndocker push $REGISTRY/orders:$TAG'),
    pushes: 1,
  },
  'a variable that the script exports': {
    files: { 'docker-compose.yml': ONE },
    byHand: ONE_BY_HAND,
    steps: run('export TAG=$(git describe) MODE=dev\ndocker-compose build\ndocker-compose push'),
    pushes: 1,
  },
  'two services': {
    files: { 'docker-compose.yml': TWO },
    byHand: TWO_BY_HAND,
    steps: run('docker compose build --parallel && docker compose push -q'),
    pushes: 3,
  },
  'two services that a later step pushes': {
    files: { 'docker-compose.yml': TWO.replace('${NPM-none}', 'none') },
    byHand: TWO_BY_HAND.replace('${NPM-none}', 'none'),
    steps: `${run('docker compose -f docker-compose.yml build')}${run('docker compose push')}`,
    pushes: 3,
  },
  'one of two services': {
    files: { 'deploy/docker-compose.yml': TWO },
    byHand: `build) ${WEB} --build-arg EXTRA=1 ;;
push) docker push "$REGISTRY/web:$TAG"; docker push "$REGISTRY/web:newest" ;;`,
    steps: run('cd deploy\ndocker compose build --build-arg EXTRA=1 web\ndocker compose push web'),
    pushes: 2,
  },
  'another name': {
    files: { 'docker-compose.prod.yml': NAMED },
    byHand: 'build) docker build -t shop web ;;',
    steps: run(
      'docker compose -f docker-compose.prod.yml build web\ndocker tag shop:latest $REGISTRY/shop:$TAG\ndocker push $REGISTRY/shop:$TAG',
    ),
    pushes: 1,
  },
  'a name that Compose makes up': {
    files: { 'docker-compose.yml': 'services:\n  web: {build: ./web}\n  api: {build: .}\n' },
    byHand: 'build) docker build -t acme-web web; docker build -t acme-api . ;;',
    steps: run(
      'docker compose build\nfor S in web api; do docker tag acme-$S $REGISTRY/$S:$TAG; docker push $REGISTRY/$S:$TAG; done',
    ),
    pushes: 2,
  },
  'a second file': {
    files: {
      'docker-compose.yml': ONE,
      'production.yml': 'services:\n  orders:\n    build:\n      args: {MODE: live, EXTRA: "1"}\n',
    },
    byHand: ONE_BY_HAND.replace('${MODE:-production}" orders', 'live" --build-arg EXTRA=1 --pull orders'),
    steps: run(
      'docker compose -f docker-compose.yml -f production.yml build --pull\ndocker compose -f docker-compose.yml push',
    ),
    pushes: 1,
  },
  'a file of variables': {
    files: { 'docker-compose.yml': ONE, '.env': 'MODE=of-the-file\n' },
    byHand: ONE_BY_HAND.replace(':-production', '-of-the-file'),
    steps: run('docker compose build\ndocker compose push'),
    pushes: 1,
  },
  'a test between build and push': {
    files: { 'docker-compose.yml': TWO },
    byHand: TWO_BY_HAND,
    steps: run('docker compose build\ndocker compose run api npm test\ndocker compose push'),
    pushes: 3,
  },
};
