"""Units, and the only place where one is turned into another."""

from typing import Final

M_PER_KM: Final = 1000.0
M2_PER_HA: Final = 10_000.0
M2_PER_KM2: Final = 1_000_000.0
KW_PER_MW: Final = 1000.0
KV_PER_V: Final = 1e-3
MRUB_PER_BRUB: Final = 1000.0
MB_PER_BYTE: Final = 1e-6

UTILITIES: Final = ("electricity", "gas", "water", "sewage", "heat", "road", "rail", "telecom")
"""Every utility, in the order of columns, cards and legends."""

DEMAND_UNIT: Final = {
    "electricity": "MW",
    "gas": "m3/h",
    "water": "m3/day",
    "sewage": "m3/day",
    "heat": "MW",
    "road": "carriageway",
    "rail": "track",
    "telecom": "line",
}
"""The unit in which each utility is demanded and in which its options state capacity."""

DEMAND_COLUMN: Final = {
    "electricity": "electricity_mw",
    "gas": "gas_m3_h",
    "water": "water_m3_day",
    "sewage": "sewage_m3_day",
    "heat": "heat_mw",
    "road": "road_carriageways",
    "rail": "rail_tracks",
    "telecom": "telecom_lines",
}
"""The column that holds the demand for each utility in any table of demands."""
