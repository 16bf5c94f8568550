"""The map layers of an audit, read by GDAL and QGIS: their features, classes, names and styles.

Usage: python qgis.py FOLDER [NAME=COUNT ...] (the system's Python, with QGIS and GDAL)

FOLDER holds audit.gpkg and, for each of its layers, audit_NAME.qml and audit_NAME.sld. NAME=COUNT
is a layer that must be there, with at least so many features.
"""

import io
import re
import shutil
import sqlite3
import sys
import tempfile
import xml.etree.ElementTree as xml
from collections import Counter
from contextlib import closing
from pathlib import Path

# Beside this file `qgis` is this file.
sys.path = [one for one in sys.path if Path(one or ".").resolve() != Path(__file__).resolve().parent]

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

CHINESE = re.compile("[\u4e00-\u9fff]")
passed = 0


def check(holds, what, found=None):
    global passed
    print("ok  " if holds else "FAIL", what, flush=True)
    if not holds:
        sys.exit(f"qgis: {what}: this does not hold" + (f", found {found}" if found is not None else ""))
    passed += 1


def expected(arguments):
    counts = {}
    for argument in arguments:
        name, _, count = argument.partition("=")
        if not name or not count.isdecimal():
            sys.exit(f"qgis: {argument}: NAME=COUNT is wanted, such as communities=40")
        counts[name] = int(count)
    return counts


def layers_of_gdal(package):
    """The layers with a geometry, and how many features each has."""
    ogr.UseExceptions()
    source = ogr.Open(str(package))
    check(source is not None, "GDAL opens audit.gpkg")
    layers = [source.GetLayerByIndex(at) for at in range(source.GetLayerCount())]
    return {one.GetName(): one.GetFeatureCount() for one in layers if one.GetGeomType() != ogr.wkbNone}


def stored_styles(package):
    query = "SELECT f_table_name, styleQML, styleSLD FROM layer_styles WHERE useAsDefault = 1"
    with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as connection:
        try:
            return {name: (qml or "", sld or "") for name, qml, sld in connection.execute(query)}
        except sqlite3.Error as error:
            sys.exit(f"qgis: audit.gpkg: the styles cannot be read: {error}")


def told(style):
    """What a QML says: its classes in their order, and the names of fields."""
    root = xml.parse(style).getroot()
    classes = [(one.get("value"), one.get("label")) for one in root.iter("category")]
    aliases = {one.get("field"): one.get("name") for one in root.find("aliases")}
    return classes, aliases


def opened(package, name):
    layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
    check(layer.isValid(), f"{name}: QGIS opens the layer")
    return layer


def compare_style(layer, classes, whence):
    name = layer.name()
    renderer = layer.renderer()
    kind = renderer.type()
    check(kind == "categorizedSymbol", f"{name}: {whence} tells classes apart", kind)
    categories = renderer.categories()
    found = [(one.value(), one.label()) for one in categories]
    check(found == classes, f"{name}: {whence} has the {len(classes)} classes in their order", found)
    return renderer.classAttribute()


def compare_aliases(layer, aliases):
    name, fields = layer.name(), layer.fields()
    absent = sorted(set(aliases) - set(fields.names()))
    check(not absent, f"{name}: each field that is given a name is there", absent)
    found = {field: layer.attributeAlias(fields.indexOf(field)) for field in aliases}
    check(found == aliases, f"{name}: {len(aliases)} fields have their names", found)
    chinese = [alias for alias in found.values() if CHINESE.search(alias)]
    check(chinese, f"{name}: names of fields are Chinese", found)


def every_feature_has_a_class(layer, field, classes):
    values = Counter(feature[field] for feature in layer.getFeatures())
    others = sorted(str(value) for value in values if value not in dict(classes))
    check(not others, f"{layer.name()}: each feature is of one of the classes", others)


def draws(layer):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(400, 300))
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent().buffered(layer.extent().width() * 0.05 + 0.001))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    errors = [one.message for one in job.errors()]
    image = job.renderedImage()
    white = QColor("white").rgb()
    drawn = any(image.pixel(x, y) != white for x in range(400) for y in range(300))
    check(drawn and not errors, f"{layer.name()}: QGIS draws it", errors)


def compare(folder, package, name, stored):
    qml, sld = folder / f"audit_{name}.qml", folder / f"audit_{name}.sld"
    for file in [qml, sld]:
        check(file.is_file(), f"{name}: {file.name} is there")
    check(name in stored, f"{name}: a style is stored as the default")
    check(all(stored[name]), f"{name}: both QML and SLD are stored")
    classes, aliases = told(qml)
    check(classes and aliases, f"{name}: {qml.name} tells classes and names of fields")

    layer = opened(package, name)
    field = compare_style(layer, classes, "the stored style")
    compare_aliases(layer, aliases)
    every_feature_has_a_class(layer, field, classes)
    draws(layer)

    layer = opened(package, name)
    message, loaded = layer.loadNamedStyle(str(qml))
    check(loaded, f"{name}: QGIS loads {qml.name}", message)
    compare_style(layer, classes, qml.name)
    compare_aliases(layer, aliases)

    layer = opened(package, name)
    message, loaded = layer.loadSldStyle(str(sld))
    check(loaded, f"{name}: QGIS loads {sld.name}", message)
    renderer = layer.renderer()
    check(renderer.type() == "RuleRenderer", f"{name}: {sld.name} has rules", renderer.type())
    rules = [(one.label(), one.filterExpression()) for one in renderer.rootRule().children()]
    same = [label for label, _ in rules] == [label for _, label in classes]
    check(same, f"{name}: {sld.name} has the same classes", rules)
    filters = all(f"'{value}'" in text for (_, text), (value, _) in zip(rules, classes))
    check(filters, f"{name}: {sld.name} tells them by the same values", rules)
    draws(layer)


def main():
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "audit.gpkg").is_file():
        sys.exit("qgis: the first argument must be a folder with audit.gpkg")
    folder, wanted = Path(sys.argv[1]).resolve(), expected(sys.argv[2:])
    application = QgsApplication([], False)
    application.initQgis()
    # QGIS writes to a package that it opens.
    with tempfile.TemporaryDirectory() as own:
        package = Path(shutil.copy(folder / "audit.gpkg", own))
        counts = layers_of_gdal(package)
        check(counts, "audit.gpkg has layers", counts)
        for name, count in wanted.items():
            check(name in counts, f"{name}: the layer is there", sorted(counts))
            check(counts[name] >= count, f"{name}: at least {count} features", counts[name])
        stored = stored_styles(package)
        for name in sorted(set(stored) - set(counts)):
            aliases = told(io.StringIO(stored[name][0]))[1]
            check(aliases, f"{name}: the style of the table names its fields")
            compare_aliases(opened(package, name), aliases)
        for name, count in counts.items():
            check(count > 0, f"{name}: GDAL finds {count} features")
            compare(folder, package, name, stored)
    application.exitQgis()
    print(f"qgis: {passed} assertions passed")


if __name__ == "__main__":
    main()
