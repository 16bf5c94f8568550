#!/usr/bin/env bash
# The map layers of an audit as GDAL and QGIS see them: qgis.sh FOLDER [NAME=COUNT ...]
set -euo pipefail
folder=$(realpath "${1:?the folder of audit.gpkg is wanted}")
shift
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# QGIS is a module of the system's Python, whichever other one comes first on the path.
python=/usr/bin/python3
export QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1

if ! "$python" -c 'import qgis.core, osgeo.ogr' 2>/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q
  as_root apt-get install -y -q --no-install-recommends python3 python3-qgis qgis-providers python3-gdal
fi

"$python" .ci/qgis.py "$folder" "$@"
