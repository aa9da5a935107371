"""moto's server, which plays AWS, with what ecs/ needs of CloudFormation and moto has not: `python server.py PORT`."""

import sys
from uuid import uuid4

from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.core.common_models import CloudFormationModel
from moto.ecs.models import EC2ContainerServiceBackend
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import main

clean = parsing.clean_json


def clean_as_aws_does(json, resources):
    """AWS::NoValue is left out of lists as well, and an attribute's name may have dots."""
    if isinstance(json, list):
        cleaned = [parsing.clean_json(each, resources) for each in json]
        return [each for each in cleaned if each is not None]
    if isinstance(json, dict) and len(json.get("Fn::GetAtt", [])) > 2:
        resource, *attribute = json["Fn::GetAtt"]
        return clean({"Fn::GetAtt": [resource, ".".join(attribute)]}, resources)
    return clean(json, resources)


parsing.clean_json = clean_as_aws_does


parse = ChangeSet._parse_template


def parse_what_is_made(change_set):
    """What has a condition that does not hold is not there: moto would look for it all the same."""
    parse(change_set)
    stack, template = change_set.stack, change_set.template_dict
    resources = parsing.ResourceMap(
        stack.stack_id,
        stack.name,
        change_set.parameters,
        {},
        account_id=stack.account_id,
        region_name=stack.region_name,
        template=template,
        cross_stack_resources={},
    )
    resources.load_mapping()
    resources.load_parameters()
    resources.load_conditions()
    holds = resources.lazy_condition_map
    for part in ("Resources", "Outputs"):
        template[part] = {
            name: each
            for name, each in template[part].items()
            if "Condition" not in each or holds[each["Condition"]]
        }


ChangeSet._parse_template = parse_what_is_made

execute = CloudFormationBackend.execute_change_set


def execute_with_exports(backend, change_set_name, stack_name=None):
    """A change set's stack takes exports of others, and has outputs and exports as any other."""
    stack = next(s for s in backend.stacks.values() if stack_name in (s.name, s.stack_id))
    stack.resource_map.cross_stack_resources = backend.exports
    execute(backend, change_set_name, stack_name)
    done = [c for c in backend.change_sets.values() if change_set_name in (c.change_set_id, c.change_set_name)]
    stack.template_dict = done[-1].template_dict
    stack.output_map = stack._create_output_map()
    for export in stack.exports:
        backend.exports[export.name] = export


CloudFormationBackend.execute_change_set = execute_with_exports


class StandIn(CloudFormationModel):
    """A resource that exists by its name alone."""

    # moto reads from the module which of its services a class belongs to.
    __module__ = "moto.stand_ins.models"

    def __init__(self, physical_id):
        self.physical_resource_id = physical_id

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute_name):
        return f"arn:aws:stand-in:us-east-1:123456789012:{self.physical_resource_id}/{attribute_name}"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(resource_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


class Secret(StandIn):
    __module__ = StandIn.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::SecretsManager::Secret"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        name = f"{resource_name}-{uuid4().hex[:6]}"
        secret, _ = secretsmanager_backends[account_id][region_name]._add_secret(name, secret_string=uuid4().hex)
        return cls(secret.arn)


# On Fargate the task has a size; moto looks for the containers'.
EC2ContainerServiceBackend._calculate_task_resource_requirements = staticmethod(
    lambda task_definition: {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}
)

UNKNOWN_TO_MOTO = [
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::S3::BucketPolicy",
    "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "AWS::ServiceDiscovery::Service",
]
STAND_INS = [
    type(
        name.replace("::", ""),
        (StandIn,),
        {"__module__": StandIn.__module__, "cloudformation_type": staticmethod(lambda name=name: name)},
    )
    for name in UNKNOWN_TO_MOTO
]

# moto asks for the direct subclasses of its own class alone.
models = parsing.get_model_list
parsing.get_model_list = lambda: [m for m in models() if m is not StandIn] + [Secret, *STAND_INS]

main(["-H", "127.0.0.1", "-p", sys.argv[1]])
