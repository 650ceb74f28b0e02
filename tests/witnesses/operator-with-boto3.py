"""A second client: walks releases with boto3 and holds every reply against botocore's own models.

Asks its parent, one line each way: prints {"play": SCENARIO} and waits for a line, then releases. At the end it prints
{"seen": ..., "replies": N, "operations": [...], "problems": [...]}. Nothing here is timed: it asks until it has the answer.
"""

import datetime
import json
import sys
import xml.etree.ElementTree as xml

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CLUSTER, SERVICE, FAMILY = "acme-prod", "orders", "acme-prod-orders"
OVER = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]
# Members, or members with a value, that AWS added after the models that Debian ships.
NEWER = set(json.loads(sys.argv[1]))

replies = 0
operations = set()
problems = set()


def check(http_response, parsed, model, **_):
    """After each call: what botocore parsed, then what it may have passed over because its model has no such member."""
    global replies
    replies += 1
    name = f"{model.service_model.service_name}:{model.name}"
    operations.add(name)
    if http_response.status_code >= 300 or model.output_shape is None:
        return
    members = {key: value for key, value in parsed.items() if key != "ResponseMetadata"}
    walk(model.output_shape, members, name)
    if model.service_model.protocol == "json":
        raw_json(model.output_shape, json.loads(http_response.content or b"{}"), name)
    else:
        root = xml.fromstring(http_response.content)
        wrapper = model.output_shape.serialization.get("resultWrapper")
        inner = root.find(f"{{*}}{wrapper}") if wrapper else root
        raw_xml(model.output_shape, inner, name)


TYPES = {
    "string": str,
    "character": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": datetime.datetime,
    "blob": (bytes, bytearray),
}


def walk(shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            problems.add(f"{path} is no structure")
            return
        for missing in set(shape.required_members) - set(value):
            problems.add(f"{path}.{missing} is required")
        for name, member in value.items():
            if name in shape.members:
                walk(shape.members[name], member, f"{path}.{name}")
            else:
                problems.add(f"{path}.{name} is unknown")
    elif kind == "list":
        for item in value:
            walk(shape.member, item, f"{path}[]")
    elif kind == "map":
        for item in value.values():
            walk(shape.value, item, f"{path}{{}}")
    elif not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        problems.add(f"{path} is {type(value).__name__}, not {kind}")
    elif kind == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        newer(f"{path} {value}")


def newer(what):
    if what.rpartition(".")[2] not in NEWER:
        problems.add(f"{what} is not in the model")


def raw_json(shape, value, path):
    kind = shape.type_name
    if kind == "structure":
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name, member in value.items():
            if name in known:
                raw_json(known[name], member, f"{path}.{name}")
            else:
                newer(f"{path}.{name}")
    elif kind == "list":
        for item in value:
            raw_json(shape.member, item, f"{path}[]")
    elif kind == "map":
        for item in value.values():
            raw_json(shape.value, item, f"{path}{{}}")


def raw_xml(shape, node, path):
    if shape.type_name == "structure":
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for child in node:
            name = child.tag.partition("}")[2]
            if name in known:
                raw_xml(known[name], child, f"{path}.{name}")
            elif name not in ("ResponseMetadata", "requestId"):
                newer(f"{path}.{name}")
    elif shape.type_name == "list" and not shape.serialization.get("flattened"):
        for child in node:
            raw_xml(shape.member, child, f"{path}[]")


session = boto3.session.Session()
config = Config(retries={"max_attempts": 3, "mode": "standard"})


def client(name):
    made = session.client(name, config=config)
    made.meta.events.register("after-call.*.*", check)
    return made


ecs, elb = client("ecs"), client("elbv2")
logs, ecr, iam = client("logs"), client("ecr"), client("iam")


def refused(call, **arguments):
    """The code of an error, which must be one that the service's model has."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], type(error).__name__
    return "not refused"


def service():
    found = ecs.describe_services(cluster=CLUSTER, services=[SERVICE], include=["TAGS"])
    return found["services"][0]


def task_definition(arn):
    return ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])["taskDefinition"]


def preflight():
    before = service()
    definition = task_definition(before["taskDefinition"])
    roles = [definition["taskRoleArn"], definition["executionRoleArn"]]
    trusts = [iam.get_role(RoleName=arn.split("/")[-1])["Role"]["AssumeRolePolicyDocument"] for arn in roles]
    network = before["networkConfiguration"]["awsvpcConfiguration"]
    subnets = client("ec2").describe_subnets(SubnetIds=network["subnets"])["Subnets"]
    secret = client("secretsmanager").describe_secret(SecretId="td/prod/orders/database")
    ssm = client("ssm")
    named = [{"Key": "Name", "Values": ["/td/prod/orders/api-key"]}]
    parameters = ssm.describe_parameters(ParameterFilters=named)["Parameters"]
    ssm.get_parameters(Names=["/td/prod/orders/api-key"])
    group = definition["containerDefinitions"][0]["logConfiguration"]["options"]["awslogs-group"]
    groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    target_group = before["loadBalancers"][0]["targetGroupArn"]
    described = elb.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]
    elb.describe_target_group_attributes(TargetGroupArn=target_group)
    balancer = elb.describe_load_balancers(LoadBalancerArns=described["LoadBalancerArns"])["LoadBalancers"][0]
    listener = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"][0]
    elb.describe_rules(ListenerArn=listener["ListenerArn"])
    scaling = client("application-autoscaling")
    resource = f"service/{CLUSTER}/{SERVICE}"
    target = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource])["ScalableTargets"][0]
    images = ecr.describe_images(repositoryName="base/node")["imageDetails"]
    one = {"imageDigest": images[0]["imageDigest"]}
    ecr.batch_get_image(repositoryName="base/node", imageIds=[one])
    ecr.describe_image_replication_status(repositoryName="base/node", imageId=one)
    ecs.describe_clusters(clusters=[CLUSTER], include=["TAGS"])
    return {
        "trusts": [trust["Statement"][0]["Principal"]["Service"] for trust in trusts],
        "free": [subnet["AvailableIpAddressCount"] for subnet in subnets],
        "stages": list(secret["VersionIdsToStages"].values()),
        "parameters": [parameter["Type"] for parameter in parameters],
        "group": groups[0]["logGroupName"] == group,
        "scheme": balancer["Scheme"],
        "capacity": [target["MinCapacity"], target["MaxCapacity"]],
    }


def ask_parent(question):
    print(json.dumps(question), flush=True)
    sys.stdin.readline()


def register(name):
    """The running revision with one variable changed, as a client that knows only its own model would make it."""
    running = task_definition(service()["taskDefinition"])
    known = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    document = {key: value for key, value in running.items() if key in known}
    document["containerDefinitions"][0]["environment"] = [{"name": "RELEASE", "value": name}]
    return ecs.register_task_definition(**document)["taskDefinition"]["taskDefinitionArn"]


def release(name):
    ask_parent({"play": name})
    revision = register(name)
    known = deployments()
    ecs.update_service(cluster=CLUSTER, service=SERVICE, taskDefinition=revision)
    arn = appearing(known)
    seen = set()
    while True:
        one = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
        note_targets(seen)
        if one["status"] in OVER:
            break
    ecs.describe_service_revisions(serviceRevisionArns=[one["targetServiceRevision"]["arn"]])
    arns = []
    for status in ["RUNNING", "STOPPED"]:
        pages = ecs.get_paginator("list_tasks").paginate(cluster=CLUSTER, serviceName=SERVICE, desiredStatus=status)
        arns += [arn for page in pages for arn in page["taskArns"]]
    tasks = ecs.describe_tasks(cluster=CLUSTER, tasks=arns, include=["TAGS"])["tasks"]
    ours = [task for task in tasks if task["taskDefinitionArn"] == revision]
    codes = {task["stopCode"] for task in ours if not task.get("stoppedReason", "Scaling").startswith("Scaling")}
    return {"status": one["status"], "codes": sorted(codes), "targets": sorted(seen), "desired": service()["desiredCount"]}


def deployments():
    listed = ecs.list_service_deployments(cluster=CLUSTER, service=SERVICE)["serviceDeployments"]
    return [one["serviceDeploymentArn"] for one in listed]


def appearing(known):
    """The deployment that was not known before. ECS lists it within seconds, not at once."""
    while True:
        for arn in deployments():
            if arn not in known:
                return arn


def note_targets(seen):
    group = service()["loadBalancers"][0]["targetGroupArn"]
    described = elb.describe_target_health(TargetGroupArn=group, Include=["All"])["TargetHealthDescriptions"]
    for target in described:
        seen.add(" ".join(filter(None, [target["TargetHealth"]["State"], target["TargetHealth"].get("Reason")])))


def one_off():
    asked = {
        "cluster": CLUSTER,
        "taskDefinition": service()["taskDefinition"],
        "launchType": "FARGATE",
        "networkConfiguration": service()["networkConfiguration"],
        "overrides": {"containerOverrides": [{"name": SERVICE, "command": ["migrate"]}]},
        "startedBy": "witness",
        "clientToken": "witness-1",
    }
    ask_parent({"play": "one-off"})
    first, again = ecs.run_task(**asked), ecs.run_task(**asked)
    task = first["tasks"][0]["taskArn"]
    conflict = refused(ecs.run_task, **{**asked, "count": 2})
    until_stopped = ecs.get_waiter("tasks_stopped")
    until_stopped.wait(cluster=CLUSTER, tasks=[task], WaiterConfig={"Delay": 0, "MaxAttempts": 500})
    ended = ecs.describe_tasks(cluster=CLUSTER, tasks=[task])["tasks"][0]
    stream = f"{SERVICE}/{SERVICE}/{task.split('/')[-1]}"
    lines = logs.get_log_events(logGroupName="/td/acme/prod/orders", logStreamName=stream, startFromHead=True)
    other = ecs.run_task(**{**asked, "clientToken": "witness-2"})["tasks"][0]["taskArn"]
    stopped = ecs.stop_task(cluster=CLUSTER, task=other, reason="cancelled")["task"]
    return {
        "same": again["tasks"][0]["taskArn"] == task,
        "conflict": conflict,
        "exit": ended["containers"][0]["exitCode"],
        "lines": [event["message"] for event in lines["events"]],
        "stopped": [stopped["stopCode"], stopped["stoppedReason"]],
    }


def refusals():
    nobody = "arn:aws:elasticloadbalancing:eu-west-1:000011112222:targetgroup/nobody/0123456789abcdef"
    return [
        refused(ecs.describe_services, cluster="nowhere", services=[SERVICE]),
        refused(ecs.update_service, cluster=CLUSTER, service="nothing"),
        refused(ecs.register_task_definition, family="f", containerDefinitions=[]),
        refused(elb.describe_target_health, TargetGroupArn=nobody),
        refused(iam.get_role, RoleName="nobody"),
        refused(client("secretsmanager").describe_secret, SecretId="nothing"),
        refused(logs.get_log_events, logGroupName="/nothing", logStreamName="s"),
        refused(ecr.describe_images, repositoryName="nothing"),
    ]


seen = {"preflight": preflight(), "refusals": refusals(), "oneOff": one_off()}
for scenario in sys.argv[2:]:
    seen[scenario] = release(scenario)
activities = client("application-autoscaling").describe_scaling_activities(ServiceNamespace="ecs")
seen["activities"] = [activity["Description"] for activity in activities["ScalingActivities"]]
print(
    json.dumps(
        {"seen": seen, "replies": replies, "operations": sorted(operations), "problems": sorted(problems)}
    )
)
