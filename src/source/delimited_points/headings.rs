//! Which columns of a table look like coordinates, by their headings.

use super::degrees::half_width;

/// Columns that may hold coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// A geometry as text.
    Geometry(usize),
    /// Longitude and latitude; whether there are other pairs beside them.
    Degrees {
        /// The column of longitudes.
        east: usize,
        /// The column of latitudes.
        north: usize,
        /// Whether other columns are longitudes and latitudes too.
        others: bool,
    },
    /// `x` and `y`.
    Plain {
        /// The column of `x`.
        x: usize,
        /// The column of `y`.
        y: usize,
    },
    /// Longitude and latitude in one cell.
    Together(usize),
}

const GEOMETRY: [&str; 10] = [
    "wkt",
    "geometry",
    "geom",
    "the_geom",
    "几何",
    "几何信息",
    "wkt_geom",
    "geometry_wkt",
    "ewkt",
    "wkb",
];
const TOGETHER: [&str; 8] =
    ["经纬度", "经纬度坐标", "坐标", "位置坐标", "location", "lnglat", "lonlat", "coordinates"];
// The longer words first, for the shorter ones are parts of them.
const EAST: [&str; 6] = ["longitude", "long", "lng", "lon", "经度", "东经"];
const NORTH: [&str; 4] = ["latitude", "lat", "纬度", "北纬"];
/// Words that may stand beside `x` and `y`.
const BESIDE_XY: [&str; 9] =
    ["坐标", "coordinate", "coords", "coord", "point", "centroid", "中心点", "中心", "投影"];

/// What is worth trying, the surest first.
pub(super) fn candidates(names: &[&str]) -> Vec<Columns> {
    let names: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let named = |list: &'static [&'static str]| {
        let fits = move |name: &&String| list.contains(&name.as_str());
        names.iter().enumerate().filter(move |(_, name)| fits(name)).map(|(column, _)| column)
    };
    let mut all: Vec<Columns> = named(&GEOMETRY).map(Columns::Geometry).collect();
    match degrees(&names) {
        Some(pair) => all.push(pair),
        None => all.extend(plain(&names)),
    }
    all.extend(named(&TOGETHER).map(Columns::Together));
    all
}

/// A heading as it is compared: half width, small letters, without what stands in brackets.
fn folded(name: &str) -> String {
    let name = half_width(name).to_lowercase();
    let name = name.replace(['[', '【', '<'], "(").replace([']', '】', '>'], ")");
    let mut out = String::new();
    let mut depth = 0usize;
    for c in name.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}') {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    out
}

/// The first pair of longitude and latitude whose headings are otherwise the same: `gcj_lng` with
/// `gcj_lat`, not with `wgs_lat`.
fn degrees(names: &[String]) -> Option<Columns> {
    let with = |words: &[&str]| -> Vec<(usize, String)> {
        let all = names.iter().enumerate();
        all.filter_map(|(column, name)| Some((column, rest_of(name, words)?))).collect()
    };
    let (easts, norths) = (with(&EAST), with(&NORTH));
    let mut pairs = easts.iter().filter_map(|(east, rest)| {
        let (north, _) = norths.iter().find(|(north, other)| other == rest && north != east)?;
        Some((*east, *north))
    });
    if let Some((east, north)) = pairs.next() {
        return Some(Columns::Degrees { east, north, others: pairs.next().is_some() });
    }
    let sure = |found: &[(usize, String)], words: [&str; 2]| match found {
        [(column, _)] if words.iter().any(|word| names[*column].contains(word)) => Some(*column),
        _ => None,
    };
    let east = sure(&easts, ["经", "longitude"])?;
    let north = sure(&norths, ["纬", "latitude"])?;
    (east != north).then_some(Columns::Degrees { east, north, others: false })
}

fn rest_of(name: &str, words: &[&str]) -> Option<String> {
    let word = words.iter().find(|word| name.contains(**word))?;
    Some(name.replacen(word, "", 1))
}

fn plain(names: &[String]) -> Option<Columns> {
    let find = |letters: [&str; 2]| {
        names.iter().position(|name| {
            let bare = BESIDE_XY.iter().fold(name.clone(), |name, word| name.replace(word, ""));
            letters.contains(&bare.trim_matches(['_', '-', '.', ':']))
        })
    };
    // 横 is east and 纵 is north, whichever letter the profession gives them.
    Some(Columns::Plain { x: find(["x", "横"])?, y: find(["y", "纵"])? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(names: &[&str]) -> Option<(usize, usize)> {
        candidates(names).into_iter().find_map(|columns| match columns {
            Columns::Degrees { east, north, .. } => Some((east, north)),
            Columns::Plain { x, y } => Some((x, y)),
            _ => None,
        })
    }

    #[test]
    fn coordinates_are_found_under_their_usual_names() {
        for names in [
            ["lon", "lat"],
            ["LNG", "LAT"],
            ["Longitude", "Latitude"],
            ["经度", "纬度"],
            ["经度（°）", "纬度(度)"],
            ["东经", "北纬"],
            ["中心点经度", "中心点纬度"],
            ["wgs84_lng", "wgs84_lat"],
            ["long", "lat"],
            ["经度WGS84", "纬度"],
            ["x", "y"],
            ["X坐标", "Y坐标"],
            ["POINT_X", "POINT_Y"],
            ["横坐标", "纵坐标"],
        ] {
            assert_eq!(pair(&["名称", names[1], names[0]]), Some((2, 1)), "{names:?}");
        }
        for names in [
            ["platform", "colony"],
            ["flat", "salon"],
            ["lat", "名称"],
            ["x", "名称"],
            ["plan", "belong"],
        ] {
            assert_eq!(pair(&names), None, "{names:?}");
        }
    }

    #[test]
    fn a_longitude_keeps_to_the_latitude_of_its_kind() {
        let names = ["wgs_lat", "gcj_lng", "gcj_lat", "wgs_lng", "x", "y"];
        let expected = Columns::Degrees { east: 1, north: 2, others: true };
        assert_eq!(candidates(&names), [expected]);
    }

    #[test]
    fn geometry_is_tried_before_coordinates_and_pairs_in_one_cell_last() {
        let found = candidates(&["坐标", "x", "Y", "WKT"]);
        let expected = [Columns::Geometry(3), Columns::Plain { x: 1, y: 2 }, Columns::Together(0)];
        assert_eq!(found, expected);
    }
}
