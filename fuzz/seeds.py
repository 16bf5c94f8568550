"""First inputs of every target, from the fixtures. Usage: python3 seeds.py FOLDER"""

import csv
import hashlib
import shutil
import sqlite3
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures/formats"
TARGETS = {
    "zipped": ["zip"], "geopackage": ["gpkg"], "parquet": ["parquet"], "flatgeobuf": ["fgb"],
    "geojson": ["geojson", "json"], "geojsonl": ["geojsonl", "geojsons"], "kml": ["kml", "kmz"],
    "csv": ["csv", "tsv"], "table": ["csv", "tsv"], "xlsx": ["xlsx"],
    "xlsb": ["xlsb"], "xls": ["xls", "et"], "ods": ["ods"], "docx": ["docx"], "crs": ["prj"],
}
# The parts of a container that are fuzzed by themselves, so that their checksums fit.
INNER = {
    "xlsx": "xl/worksheets/sheet1.xml", "xlsb": "xl/worksheets/sheet1.bin", "ods": "content.xml",
    "docx": "word/document.xml",
}
SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>社区</t></is></c><c r="B1" t="str"><v>面积</v></c></row>
<row r="2"><c r="A2" t="n"><v>281.98</v></c><c r="B2" t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="s"><v>1</v></c><c s="1"><v>44557</v></c><c s="2"><v>0.5</v></c></row>
<row r="3"><c r="A3" t="d"><v>2021-12-27</v></c><c r="XFD3"><f>A2*2</f><v>1e3</v></c></row>
</sheetData></worksheet>"""
SYSTEMS = [
    "EPSG:4490", "urn:ogc:def:crs:EPSG::4527", "CGCS2000 / 3-degree Gauss-Kruger zone 39",
    "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=39500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
    '{"type":"GeographicCRS","name":"CGCS2000","datum":{"type":"GeodeticReferenceFrame","name":'
    '"China 2000","ellipsoid":{"name":"CGCS2000","semi_major_axis":6378137,'
    '"inverse_flattening":298.257222101}},"id":{"authority":"EPSG","code":4490}}',
]
SHAPES = [
    "POINT EMPTY", "MULTIPOINT ((1 2), (3 4))", "LINESTRING Z (1 2 3, 4 5 6)",
    "SRID=4490;POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
    "GEOMETRYCOLLECTION (POINT (1 2), MULTILINESTRING ((0 0, 1 1)), MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0))))",
]


def put(target, data):
    name = hashlib.sha256(data).hexdigest()[:16]
    folder = Path(sys.argv[1]) / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def without_index(path):
    """A GeoPackage of small pages without its index: more of its bytes mean something."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(path, Path(folder) / "copy.gpkg")
        database = sqlite3.connect(copy)
        of_kind = lambda kind: database.execute(
            "SELECT name FROM sqlite_master WHERE type = ?", [kind]).fetchall()
        for (name,) in of_kind("trigger"):
            database.execute(f'DROP TRIGGER "{name}"')
        for (name,) in of_kind("table"):
            if name.startswith("rtree_") and not name.endswith(("_node", "_parent", "_rowid")):
                database.execute(f'DROP TABLE "{name}"')
        database.commit()
        database.executescript("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;")
        shapes = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        for table, column in shapes.fetchall():
            for (blob,) in database.execute(f'SELECT "{column}" FROM "{table}"'):
                envelope = [0, 32, 48, 48, 64][blob[3] >> 1 & 7] if blob else 0
                put("wkb", (blob or b"")[8 + envelope:])
        database.close()
        put("geopackage", Path(copy).read_bytes())


for path in sorted(FIXTURES.rglob("*")):
    ending = path.suffix[1:].lower()
    for target, endings in TARGETS.items():
        if ending in endings:
            put(target, path.read_bytes())
    if ending == "shp":
        table = path.with_suffix(".dbf" if path.suffix == ".shp" else ".DBF")
        shp, dbf = path.read_bytes(), table.read_bytes() if table.exists() else b""
        put("shapefile", struct.pack("<I", len(shp)) + shp + dbf)
    if ending in INNER and zipfile.is_zipfile(path):
        # A workbook renamed, or one whose first sheet is called otherwise, has no such part.
        with zipfile.ZipFile(path) as container:
            if INNER[ending] in container.namelist():
                put(ending, container.read(INNER[ending]))
    # The records of a workbook often follow the header of their container at once.
    if ending in ("xls", "et") and path.read_bytes()[512:514] == b"\t\x08":
        put("xls", path.read_bytes()[512:])
    if ending == "gpkg":
        without_index(path)
    if ending == "csv":
        for line in path.read_text("utf-8", "replace").splitlines():
            for cell in next(csv.reader([line]), []):
                if cell.endswith(")"):
                    put("wkt", cell.encode())
put("xlsx", SHEET.encode())
for system in SYSTEMS:
    put("crs", system.encode())
for shape in SHAPES:
    put("wkt", shape.encode())
put("wkb", bytes.fromhex("0101000020 8A110000 0000000000405D40 0000000000804340".replace(" ", "")))
put("wkb", b"010100000000000000004 05D400000000000804340".replace(b" ", b""))
