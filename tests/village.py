# ruff: noqa: E501  # tables are read as tables
"""A region of two districts as CSV files, correct in every cell, to be spoilt one cell at a time.

      73.0      73.1      73.2 E
55.2   +---------+---------+
       |  north  | P1 P2   |     S1  substation 110 kV     P1 P2  plots
55.1   |  S1     |   E1    |     E1  enterprise            V1     village
       |         |  south  |
55.0   +---------+---------+
"""

import csv
import io

CRS = "EPSG:32643"
ORIGIN = "drawn by hand,2026,high"

TOML = """
code = "village"
name = "Село"
name_en = "Village"
crs = "EPSG:32643"

[layers]
"""

TABLES = {
    "infrastructure": f"""source_id,utility,kind,name,voltage_kv,capacity,capacity_unit,status,lon,lat,wkt,source,as_of,confidence
S1,electricity,substation,Северная,110,40,MW,operating,73.05,55.1,,{ORIGIN}
L1,electricity,line,ВЛ,110,,,operating,,,"LINESTRING (73.05 55.1, 73.15 55.1)",{ORIGIN}
""",
    "plots": f"""plot_id,category,permitted_use,ownership,status,price_mrub,wkt,source,as_of,confidence
P1,industry,6.0,municipal,greenfield,5,"POLYGON ((73.11 55.14, 73.12 55.14, 73.12 55.15, 73.11 55.15, 73.11 55.14))",{ORIGIN}
P2,industry,6.0,private,brownfield,7,"POLYGON ((73.13 55.14, 73.14 55.14, 73.14 55.15, 73.13 55.15, 73.13 55.14))",{ORIGIN}
""",
    "enterprises": f"""enterprise_id,name,okved,revenue_mrub,size_status,lon,lat,source,as_of,confidence
E1,Мельница,10.61,800,ASSUMED,73.13,55.1,{ORIGIN}
""",
    "constraints": f"""constraint_id,kind,name,lon,lat,source,as_of,confidence
C1,cemetery,Кладбище,73.02,55.02,{ORIGIN}
""",
    "terrain": f"""terrain_id,cover,wkt,source,as_of,confidence
T1,forest,"POLYGON ((73.01 55.15, 73.03 55.15, 73.03 55.17, 73.01 55.15))",{ORIGIN}
""",
    "settlements": f"""settlement_id,name,rank,population,lon,lat,source,as_of,confidence
V1,Село,village,500,73.06,55.05,{ORIGIN}
""",
    "districts": f"""district_id,name,wkt,source,as_of,confidence
north,Северный,"POLYGON ((73 55, 73.1 55, 73.1 55.2, 73 55.2, 73 55))",{ORIGIN}
south,Южный,"POLYGON ((73.1 55, 73.2 55, 73.2 55.2, 73.1 55.2, 73.1 55))",{ORIGIN}
""",
    "parks": f"""park_id,name,kind,area_ha,lon,lat,source,as_of,confidence
K1,Парк,industrial_park,20,73.15,55.05,{ORIGIN}
""",
    "prospects": f"""prospect_id,name,okved,area_ha,lon,lat,source,as_of,confidence
I1,Завод,25.1,3,,,{ORIGIN}
I2,Цех,22.2,2,73.14,55.06,{ORIGIN}
""",
    "products": f"""product,hs,name,source,as_of,confidence
10.61.21,1101,Мука,{ORIGIN}
""",
    "recipes": """product,input,share,source,confidence
10.61.21,01.11.11,0.6,by hand,high
""",
    "connection_options": """utility,option,capacity,capacity_unit,reach_rule,reach_value,fixed_mrub_low,fixed_mrub,fixed_mrub_high,per_km_mrub_low,per_km_mrub,per_km_mrub_high,per_unit_mrub_low,per_unit_mrub,per_unit_mrub_high,friction,source_kinds,source_class_min,source_class_max,price_year,status,source
electricity,cable_10kv,6.3,MW,mw_km,21,3,6,12,5,7,9,0,0,0,underground,substation,35,220,2024,ASSUMED,by hand
""",
    "demand_profiles": """okved,industry,industry_ru,kw_per_ha_low,kw_per_ha_high,water_m3_day_ha_low,water_m3_day_ha_high,gas_m3_h_ha_low,gas_m3_h_ha_high,heat_mw_ha_low,heat_mw_ha_high,workers_ha_low,workers_ha_high,sewage_share,sanitary_zone_m,needs_rail,investment_mrub_ha,status,source
25,metal goods,металлоизделия,150,350,5,15,30,100,0.1,0.2,30,70,0.7,100,false,150,ASSUMED,by hand
""",
    "protection_zones": """feature,class,half_width_m,effect,effect_ru,is_hard,status,source
power line,110 kV,20,no building,строить нельзя,true,VERIFIED,Decree 160
""",
    "requirements": """subject,requirement,title,title_ru,operator,limit,unit,on_failure,edition,status,source
industrial_park,area_ha,area,площадь,>=,8,ha,fail,2024,VERIFIED,Decree 794
""",
}  # fmt: skip


def build(folder, *, layers=None, toml=TOML, **texts):
    """Write the region into `folder` and return it; `texts` replace tables, `layers` their sources.

    A table whose text is None is not written; a table whose source is None is not named.
    """
    for name, text in (TABLES | texts).items():
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.csv").write_bytes(data)
    sources = {name: f'"{name}.csv"' for name in TABLES} | (layers or {})
    lines = [f"{name} = {source}" for name, source in sources.items() if source is not None]
    (folder / "region.toml").write_text(toml + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def spoilt(name, old, new, *, count=1):
    """Return the text of a table with `old` replaced; it must be there."""
    text = TABLES[name]
    assert old in text, (name, old)
    return text.replace(old, new) if count == 0 else text.replace(old, new, count)


def without(name, column):
    """Return the text of a table without one of its columns; cells hold no commas but in WKT."""
    rows = list(csv.reader(io.StringIO(TABLES[name])))
    at = rows[0].index(column)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([cell for n, cell in enumerate(row) if n != at] for row in rows)
    return out.getvalue()
