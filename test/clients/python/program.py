"""What people write with the official client for Python. Each line on standard output says what came of a call, in JSON."""

import json
import sys
import threading

from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic import DynamicClient
from kubernetes.stream import stream

kubeconfig, namespace, image = sys.argv[1:]
config.load_kube_config(kubeconfig)
core = client.CoreV1Api()
apps = client.AppsV1Api()
script = "echo one; until [ -e /tmp/go ]; do sleep 0.1; done; echo two"


def tell(what, value):
    print(json.dumps({what: value}), flush=True)


def named(name, **fields):
    return client.V1ObjectMeta(name=name, labels={"by": "python"}, **fields)


def container(command):
    return client.V1Container(name="main", image=image, command=["sh", "-c", command])


def writes():
    made = core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=named("settings"), data={"a": "1"}))
    tell("created", made.data)
    made.data["b"] = "2"
    tell("replaced", core.replace_namespaced_config_map("settings", namespace, made).data)
    tell("merged", core.patch_namespaced_config_map("settings", namespace, {"data": {"a": None, "c": "3"}}).data)
    operations = [{"op": "replace", "path": "/data/c", "value": "4"}]
    tell("patched", core.patch_namespaced_config_map("settings", namespace, operations).data)
    found = core.list_namespaced_config_map(namespace, label_selector="by=python", limit=1)
    tell("listed", [item.metadata.name for item in found.items])
    core.delete_namespaced_config_map("settings", namespace)
    try:
        core.read_namespaced_config_map("settings", namespace)
    except ApiException as error:
        tell("deleted", [error.status, json.loads(error.body)["reason"]])


def deploys():
    template = client.V1PodTemplateSpec(metadata=named(None), spec=client.V1PodSpec(containers=[container("true")]))
    spec = client.V1DeploymentSpec(replicas=0, selector={"matchLabels": {"by": "python"}}, template=template)
    apps.create_namespaced_deployment(namespace, client.V1Deployment(metadata=named("web"), spec=spec))
    change = {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": image}]}}}}
    patched = apps.patch_namespaced_deployment("web", namespace, change)
    tell("containers", sorted(each.name for each in patched.spec.template.spec.containers))
    scale = apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 0}})
    tell("scale", scale.kind)
    apps.delete_namespaced_deployment("web", namespace)


def discovers():
    maps = DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"a": "1"}}
    applied = maps.server_side_apply(body=body, namespace=namespace, field_manager="python")
    tell("applied", [applied.data.a, applied.metadata.managedFields[0].manager])


def runs():
    pod = client.V1PodSpec(restart_policy="Never", termination_grace_period_seconds=0, containers=[container(script)])
    core.create_namespaced_pod(namespace, client.V1Pod(metadata=named("snake"), spec=pod))
    for event in watch.Watch().stream(
        core.list_namespaced_pod, namespace, field_selector="metadata.name=snake", timeout_seconds=150
    ):
        if event["object"].status.phase == "Running":
            tell("watched", event["object"].metadata.name)
            break


def execute(command, **options):
    call = core.connect_get_namespaced_pod_exec
    flags = {"stdin": False, "stdout": True, "stderr": True, "tty": False}
    return stream(call, "snake", namespace, command=command, **{**flags, **options})


def streams():
    tell("exec", execute(["hostname"]))
    session = execute(["sh"], stdin=True, _preload_content=False)
    session.write_stdin("echo out; echo err >&2; exit 3\n")
    session.run_forever(timeout=100)
    tell("session", [session.read_stdout(), session.read_stderr(), session.returncode])
    lines = []
    follower = threading.Thread(
        target=lambda: lines.extend(watch.Watch().stream(core.read_namespaced_pod_log, "snake", namespace)), daemon=True
    )
    follower.start()
    execute(["touch", "/tmp/go"])
    follower.join(timeout=100)
    tell("followed", lines)
    tell("tail", core.read_namespaced_pod_log("snake", namespace, tail_lines=1))


writes()
deploys()
discovers()
runs()
streams()
