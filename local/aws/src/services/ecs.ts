import { createCluster, deleteCluster, describeClusters, listClusters } from '../ecs/operations/clusters.ts';
import { createService, deleteService } from '../ecs/operations/create-service.ts';
import { runTask, stopTask } from '../ecs/operations/one-off-tasks.ts';
import {
  continueServiceDeployment,
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
  stopServiceDeployment,
} from '../ecs/operations/service-deployments.ts';
import { describeServices, listServices } from '../ecs/operations/services.ts';
import { listTagsForResource, tagResource } from '../ecs/operations/tags.ts';
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from '../ecs/operations/task-definitions.ts';
import { describeTasks, listTasks } from '../ecs/operations/tasks.ts';
import { updateService } from '../ecs/operations/update-service.ts';
import { ecsRules } from '../ecs/rules/index.ts';
import type { Service } from '../world/service.ts';

export { resumeEcs } from '../ecs/engine.ts';
export { setShortage } from '../ecs/room.ts';
export { type ClusterSeed, type ServiceSeed, seedCluster, seedService } from '../ecs/seed.ts';
export { type StrategySeed, seedStrategy } from '../ecs/seed-strategy.ts';
export { simulatedOf } from '../runtimes/of-world.ts';
export type { TaskScript, TaskScripting } from '../runtimes/simulated.ts';

/** Amazon ECS with services on Fargate that really roll. */
export const ecs: Service = {
  name: 'ecs',
  sdk: '@aws-sdk/client-ecs',
  operations: {
    RegisterTaskDefinition: registerTaskDefinition,
    DescribeTaskDefinition: describeTaskDefinition,
    ListTaskDefinitions: listTaskDefinitions,
    ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
    DeregisterTaskDefinition: deregisterTaskDefinition,
    CreateCluster: createCluster,
    DeleteCluster: deleteCluster,
    DescribeClusters: describeClusters,
    ListClusters: listClusters,
    DescribeServices: describeServices,
    ListServices: listServices,
    CreateService: createService,
    UpdateService: updateService,
    DeleteService: deleteService,
    ListServiceDeployments: listServiceDeployments,
    DescribeServiceDeployments: describeServiceDeployments,
    DescribeServiceRevisions: describeServiceRevisions,
    StopServiceDeployment: stopServiceDeployment,
    ContinueServiceDeployment: continueServiceDeployment,
    RunTask: runTask,
    StopTask: stopTask,
    ListTasks: listTasks,
    DescribeTasks: describeTasks,
    TagResource: tagResource,
    ListTagsForResource: listTagsForResource,
  },
  rules: ecsRules,
};
