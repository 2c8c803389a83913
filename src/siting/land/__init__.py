"""From raw plots to candidate sites, every refusal explained."""

from siting.land.constraints import Excluded, exclude
from siting.land.cures import explain
from siting.land.passports import write_passports
from siting.land.requirements import judge
from siting.land.sites import assemble

__all__ = ["Excluded", "assemble", "exclude", "explain", "judge", "write_passports"]
