"""A judge that nobody here wrote: botocore's own models and validator, over inputs that it is given, good and broken.

Reads {"endpoint", "exceptions": [shape], "inputs": {"service:Operation": [{"what", "value"}]}} on standard input. Each input is judged by botocore's
ParamValidator and by a walk over the model for what that leaves out (maximum, pattern, enum); then it is sent without botocore's
own check, and the answer is compared. Prints {"version", "judged", "disagreements"}.
"""

import base64
import datetime
import json
import re
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

FOLDERS = {
    "cloudcontrolapi": "cloudcontrol",
    "servicequotas": "service-quotas",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
}
session = botocore.session.get_session()
excepted = set()


def value_of(given):
    """Bytes and times come as {"$bytes": base64} and {"$date": seconds}."""
    if isinstance(given, list):
        return [value_of(item) for item in given]
    if not isinstance(given, dict):
        return given
    if "$bytes" in given:
        return base64.b64decode(given["$bytes"])
    if "$date" in given:
        return datetime.datetime.fromtimestamp(given["$date"], datetime.timezone.utc)
    return {key: value_of(item) for key, item in given.items()}


def walk(shape, value, path, found):
    """What ParamValidator leaves out. Types are its own matter."""
    if shape.name in excepted:
        return
    meta = shape.metadata
    kind = shape.type_name
    if kind in ("string", "character") and isinstance(value, str):
        if shape.enum and value not in shape.enum:
            found.append((path, "enum", value))
        pattern = meta.get("pattern") or getattr(shape, "pattern", None)
        if pattern is not None and not matches(pattern, value):
            found.append((path, "pattern", value))
        size = len(value)
    elif kind in ("integer", "long", "float", "double"):
        size = value
    elif kind == "blob" and isinstance(value, bytes):
        size = len(value)
    elif kind == "list" and isinstance(value, list):
        size = len(value)
        for i, item in enumerate(value):
            walk(shape.member, item, f"{path}[{i}]", found)
    elif kind == "map" and isinstance(value, dict):
        size = len(value)
        for key, item in value.items():
            walk(shape.key, key, path, found)
            walk(shape.value, item, f"{path}.{key}", found)
    elif kind == "structure" and isinstance(value, dict):
        size = None
        for key, item in value.items():
            if key in shape.members:
                walk(shape.members[key], item, f"{path}.{key}", found)
    else:
        return
    if isinstance(size, (int, float)) and not isinstance(size, bool):
        if "max" in meta and size > meta["max"]:
            found.append((path, "max", size))
        if "min" in meta and size < meta["min"]:
            found.append((path, "min", size))


def matches(pattern, value):
    """As in the door: the whole text, unless the pattern says itself where it begins or ends. Python has no \\p{...}."""
    if r"\p{L}\p{Z}\p{N}" in pattern:
        pattern, flags = pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w "), re.UNICODE
    else:
        pattern, flags = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"), re.ASCII
    anchored = pattern.startswith("^") or pattern.endswith("$")
    return (re.search if anchored else re.fullmatch)(pattern, value, flags) is not None


def judge(shape, value):
    """All that is wrong, and whether only this botocore's age speaks against it."""
    report = ParamValidator().validate(value, shape)
    found = []
    walk(shape, value, "", found)
    errors = [kind for kind, _, _ in report._errors] + [kind for _, kind, _ in found]
    newer = bool(errors) and all(kind in ("unknown field", "enum") for kind in errors)
    newer = newer and all(item != "NO_SUCH_VALUE" for _, kind, item in found if kind == "enum")
    return errors, newer


def leads_elsewhere(shape, value):
    """A path without one of its parts is that of another operation."""
    members = shape.members.items() if shape else ()
    return any(m.serialization.get("location") == "uri" and value.get(name) in ("", None) for name, m in members)


def call(client, operation, value):
    """`accepted`, or the code of the refusal; None if botocore can't write such a request."""
    try:
        client._make_api_call(operation, value)
        return "accepted"
    except ClientError as error:
        return error.response["Error"].get("Code", "refused") or "refused"
    except botocore.exceptions.HTTPClientError:
        raise
    except Exception:  # a serializer that gave up
        return None


def main():
    asked = json.load(sys.stdin)
    excepted.update(asked["exceptions"])
    judged = {"good": 0, "bad": 0, "newer": 0, "unsendable": 0}
    lacking = []
    disagreements = []
    clients = {}
    for name, inputs in asked["inputs"].items():
        service, operation = name.split(":")
        folder = FOLDERS.get(service, service)
        if folder not in clients:
            clients[folder] = session.create_client(
                folder,
                region_name="eu-west-1",
                endpoint_url=asked["endpoint"],
                aws_access_key_id=asked["key"],
                aws_secret_access_key=asked["secret"],
                config=Config(parameter_validation=False, retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
            )
        client = clients[folder]
        if operation not in client.meta.service_model.operation_names:
            lacking.append(name)
            continue
        model = client.meta.service_model.operation_model(operation)
        counts = {"good": 0, "bad": 0}
        for one in inputs:
            value = value_of(one["value"])
            errors, newer = judge(model.input_shape, value) if model.input_shape else ([], False)
            if newer:
                judged["newer"] += 1
                continue
            if one["what"] == "retype" and client.meta.service_model.protocol != "json":
                judged["unsendable"] += 1  # a form, a path and a header hold text alone
                continue
            answer = None if leads_elsewhere(model.input_shape, value) else call(client, operation, value)
            if answer is None:
                judged["unsendable"] += 1
                continue
            if not errors and one["what"] != "good" and answer not in ("accepted", "NotImplemented"):
                judged["newer"] += 1  # the models of the door are newer and say more
                continue
            kind = "bad" if errors else "good"
            counts[kind] += 1
            judged[kind] += 1
            right = (answer != "accepted" and answer != "NotImplemented") if errors else answer == "accepted"
            if not right:
                disagreements.append([name, one["what"], errors, answer, json.dumps(one["value"])[:300]])
        judged.setdefault("operations", {})[name] = counts
    print(json.dumps({"version": botocore.__version__, "judged": judged, "lacking": lacking, "disagreements": disagreements}))


main()
