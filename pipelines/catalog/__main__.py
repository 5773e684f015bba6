"""Print the JSON Schema of sources.yaml: python -m pipelines.catalog > docs/reference/sources.schema.json."""

import sys

from pipelines.catalog.schema import json_schema

sys.stdout.write(json_schema())
