import { partitionOf } from '@tenant-delivery/domain';
import type { Answers } from './contract-questions.ts';

/** The text of a whole contract with one environment and one service. Its network is the provider's to make. */
export function contractDraft(answers: Answers): string {
  const of = (flag: string) => answers[flag] ?? '';
  const [tenant, environment, service] = [of('tenant'), of('environment'), of('service')];
  const place = `${tenant}-${environment}`;
  const net = of('cidr').split('.').slice(0, 2).join('.');
  return `# The contract with ${tenant}: what runs where, within which limits, and who may change it.
# Check it with \`tenant-delivery contract lint\`. After each change raise the serial, then sign and publish.
schemaVersion: 1
id: ${tenant}
serial: 1 # grows with every change; an older one is refused wherever a newer one was seen
expires: "${of('expires')}T00:00:00Z"
account: "${of('account')}"
partition: ${partitionOf(of('region'))}
tier: standard # a word for people
sla: { availability: 99.9 }
contacts: # for people too
  provider: {}
  customer: {}

repositories: # those that may deliver, by number, and the services that each may deliver
  - { repository: ${of('repository')}, repositoryId: ${of('repository-id')}, ownerId: ${of('owner-id')}, services: [${service}] }
operations: { repository: ${of('operations')}, repositoryId: ${of('operations-id')}, ownerId: ${of('operations-owner-id')} }
runners: [ubuntu-24.04]
releases: [${of('release')}] # those in use, three at most: the roles trust their workflows and no other
publishers: ["${of('publisher')}"] # who puts contracts into the vault

environments:
  ${environment}:
    region: ${of('region')}
    vpc: { cidr: ${of('cidr')} } # \`contract complete\` adds its id once it is there
    zones: [${of('zones').replace(',', ', ')}]
    layers: # \`contract complete\` adds the ids of their subnets and security groups
      edge: {} # the internal load balancer
      app: {} # the tasks
    layerEdges: # who reaches whom; nothing else passes
      - { from: edge, to: app, ports: ["8080"], protocol: tcp }
    network: # what \`provision.yml\` makes; a range for each zone
      layers:
        edge: { cidrs: [${net}.0.0/24, ${net}.1.0/24], egress: none }
        app: { cidrs: [${net}.10.0/24, ${net}.11.0/24], egress: nat }
      nat: { per: zone, cidrs: [${net}.30.0/28, ${net}.30.16/28] } # each gateway has a fixed address for the customer's firewall
      endpoints: { layer: app, services: [ecr.api, ecr.dkr, kms, logs, secretsmanager, sts] } # AWS without the internet
      balancer: { layer: edge } # certificate: the ARN of one of ACM, for TLS
      # links: # to the customer's premises
      #   hq: { peer: 203.0.113.10, asn: 65010, routing: bgp, cidrs: [192.168.0.0/16] }
      flowLogDays: 365
    cluster: ${place}
    loadBalancer: { name: ${place}-internal, scheme: internal, listenerPort: 80 }
    services:
      ${service}:
        layer: app
        repository: ${tenant}/${service} # in ECR
        family: ${place}-${service}
        targetGroup: ${place}-${service}
        logGroup: /td/${tenant}/${environment}/${service}
        capacity: { base: 2, maximum: 6 } # tasks: always the base, never more than the maximum
        provision: # what is made for it; its first delivery brings the real task definition
          port: 8080
          healthPath: /health
          route: { priority: 1, paths: ["/*"] }
          size: { cpu: 256, memory: 512 }
          scaleOn: { cpu: 60 }
    probe: { image: "base/node@sha256:${'0'.repeat(64)}" } # placeholder of new services, and what asks the balancer: put the digest of yours here
    scanFloor: # the most findings of each severity that an image may have; \`unlimited\` where any number may pass
      critical: 0
      high: 0
      medium: 10
      low: unlimited
      informational: unlimited
      unknown: 0
    verdictHours: 24 # then an image is judged again
    approval:
      environment: ${place}-approval # at GitHub, with these people as reviewers
      days: 7
      required: { customer: 1 }
      roles:
        customer: [${of('approvers').replaceAll(',', ', ')}] # numbers of GitHub users
    protection: { environment: ${place}, branches: [main] }
    evidence: { retentionDays: 2555 }
    # keys: \`contract complete\` adds the public halves of the keys that sign the record
`;
}
