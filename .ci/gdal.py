"""What `convert` writes, read by GDAL and pyarrow: the same features, places, names and system.

Usage: python gdal.py BINARY (Python with pyogrio, pyarrow, pyproj and shapely)
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

LAYERS = Path(__file__).parent.parent / "fixtures/formats/layers"
# What each format states; GeoJSON states nothing, by its standard it is degrees.
ENDINGS = {"geojson": None, "gpkg": 4490, "shp": 4490, "fgb": 4490, "parquet": 4490}
passed = 0


def check(holds, what):
    global passed
    print("ok  " if holds else "FAIL", what, flush=True)
    if not holds:
        sys.exit(1)
    passed += 1


def name_first(fields, texts):
    """The first column of Chinese text, and what it is called."""
    for field, column in zip(fields, texts):
        if "名" in field:
            return field, [str(text) for text in column]
    sys.exit(f"no column of names among {list(fields)}")


def read(path):
    """Geometries, the name of the column of names, its texts, and the EPSG code."""
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        about = json.loads(table.schema.metadata[b"geo"])
        column = about["primary_column"]
        crs = about["columns"][column]["crs"]
        wkb = table[column].to_pylist()
        table = table.drop_columns(column)
        fields, texts = table.column_names, [one.to_pylist() for one in table.columns]
    else:
        about, _, wkb, texts = pyogrio.raw.read(path)
        crs, fields = about["crs"], about["fields"]
    name, texts = name_first(fields, texts)
    return shapely.from_wkb(wkb), name, texts, code(crs)


def code(crs):
    authority = pyproj.CRS.from_user_input(crs).to_authority()
    return int(authority[1]) if authority and authority[0] == "EPSG" else None


def plain(geometries):
    """Rings in one direction from one start; a multi-geometry of one part is that part."""
    parts = [shapely.get_parts(one) for one in geometries]
    single = [own[0] if len(own) == 1 else one for own, one in zip(parts, geometries)]
    return shapely.normalize(numpy.array(single, dtype=object))


def convert(binary, source, target, *options):
    done = subprocess.run([binary, "convert", source, target, *options], capture_output=True)
    said = done.stderr.decode(errors="replace").strip()
    check(done.returncode == 0, f"{source.name} → {target.name} {' '.join(options)} {said}".strip())


def compare(binary, source, target):
    convert(binary, source, target)
    shapes, heading, names, _ = read(source)
    new_shapes, new_heading, new_names, new_code = read(target)
    label = target.name
    check(len(new_shapes) == len(shapes), f"{label}: {len(shapes)} features")
    if target.suffix == ".fgb":
        # Its features stand in the order of its index. No name stands twice.
        order, new_order = numpy.argsort(names), numpy.argsort(new_names)
        shapes, names = shapes[order], [names[at] for at in order]
        new_shapes, new_names = new_shapes[new_order], [new_names[at] for at in new_order]
    same = shapely.equals_exact(plain(shapes), plain(new_shapes), tolerance=1e-7)
    check(same.all(), f"{label}: the same geometry")
    cut = target.suffix == ".shp" and heading.startswith(new_heading)
    check(new_heading == heading or cut, f"{label}: the names stand in {new_heading}")
    check(new_names == names, f"{label}: the same names")
    wanted = ENDINGS[target.suffix[1:]]
    if wanted:
        check(new_code == wanted, f"{label}: EPSG:{wanted}")


def compare_metres(binary, source, target):
    convert(binary, source, target, "--to", "EPSG:4527")
    shapes, _, names, _ = read(source)
    new_shapes, _, new_names, new_code = read(target)
    label = target.name
    check(new_names == names, f"{label}: the same names")
    check(new_code == 4527, f"{label}: EPSG:4527")
    to_metres = pyproj.Transformer.from_crs(4490, 4527, always_xy=True).transform
    move = lambda places: numpy.column_stack(to_metres(places[:, 0], places[:, 1]))
    moved = shapely.transform(plain(shapes), move)
    found = plain(new_shapes)
    corners = shapely.get_num_coordinates
    check((corners(moved) == corners(found)).all(), f"{label}: the same number of corners")
    apart = shapely.hausdorff_distance(moved, found).max()
    check(apart < 0.001, f"{label}: within 1 mm of PROJ")


def main():
    binary = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        for layer in ["communities", "estates", "premises"]:
            source = LAYERS / f"{layer}.gpkg"
            for ending in ENDINGS:
                compare(binary, source, Path(folder) / f"{layer}.{ending}")
            for ending in ["shp", "gpkg"]:
                compare_metres(binary, source, Path(folder) / f"{layer}_4527.{ending}")
    print(f"{passed} checks passed")


if __name__ == "__main__":
    main()
