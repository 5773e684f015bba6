"""The five outlets, one module a house: OUTLETS is the registry, by name."""

from tests.newsroom.desk import Outlet
from tests.newsroom.outlets import bulletin, courier, meridian, observer, vestnik

OUTLETS: dict[str, Outlet] = {
    outlet.name: outlet
    for outlet in (courier.OUTLET, observer.OUTLET, bulletin.OUTLET, vestnik.OUTLET, meridian.OUTLET)
}

__all__ = ["OUTLETS"]
