-- One row per source of the staged polls: where it lies.
select "source", location
from sources
semi join staged_polls using ("source")
