/**
 * Variables by which buildx, BuildKit and git let themselves be steered, with values that would be felt. Given as build
 * arguments they are the Dockerfile's, and the builder's program must not see one of them.
 */
export const MEANT_FOR_THE_BUILDER: Readonly<Record<string, string>> = {
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: '/srv/source-policy.json',
  BUILDX_CONFIG: '/srv/nothing',
  BUILDX_BUILDER: 'somebody-elses',
  DOCKER_HOST: 'tcp://127.0.0.1:9',
  DOCKER_CONTEXT: 'somebody-elses',
  GIT_DIR: '/srv/git',
  GIT_SSH_COMMAND: '/srv/command',
  HTTP_PROXY: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  ALL_PROXY: 'http://127.0.0.1:9',
  JAEGER_TRACE: '127.0.0.1:9',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  KUBECONFIG: '/srv/kubeconfig',
  LD_PRELOAD: '/srv/library.so',
  PATH: '/srv/programs',
  HOME: '/srv',
};
