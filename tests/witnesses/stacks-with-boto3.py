"""Makes, changes and deletes a stack with boto3, its waiters and its exceptions. Prints what it saw as JSON."""

import json
import boto3
from botocore.exceptions import ClientError

cloudformation = boto3.client("cloudformation")
soon = {"Delay": 1, "MaxAttempts": 60}
seen = {}


def template(days):
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/boto3", "RetentionInDays": days}}
    return json.dumps({"Resources": {"Logs": group}})


def change(days, kind):
    named = {"StackName": "boto3", "ChangeSetName": "plan"}
    cloudformation.create_change_set(**named, TemplateBody=template(days), ChangeSetType=kind)
    cloudformation.get_waiter("change_set_create_complete").wait(**named, WaiterConfig=soon)
    told = cloudformation.describe_change_set(**named, IncludePropertyValues=True)
    cloudformation.execute_change_set(**named)
    waiter = "stack_create_complete" if kind == "CREATE" else "stack_update_complete"
    cloudformation.get_waiter(waiter).wait(StackName="boto3", WaiterConfig=soon)
    return [change["ResourceChange"]["Action"] for change in told["Changes"]]


seen["actions"] = change(30, "CREATE") + change(60, "UPDATE")
pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName="boto3")
seen["last"] = [event["ResourceStatus"] for page in pages for event in page["StackEvents"]][0]
try:
    cloudformation.describe_change_set(StackName="boto3", ChangeSetName="nothing")
except cloudformation.exceptions.ChangeSetNotFoundException as refused:
    seen["refused"] = refused.response["Error"]["Code"]
cloudformation.delete_stack(StackName="boto3")
cloudformation.get_waiter("stack_delete_complete").wait(StackName="boto3", WaiterConfig=soon)
try:
    cloudformation.list_types()
except ClientError as refused:
    seen["absent"] = refused.response["Error"]["Message"]
print(json.dumps(seen))
