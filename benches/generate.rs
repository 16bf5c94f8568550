//! A made-up place of a given size: communities, rooms, estates and facilities as GeoParquet.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use facility_audit::source::{Cells, OutField, OutLayer, ParquetWriter, Srs};
use geo_types::{Coord, Geometry, LineString, Point, Polygon};

/// How large a place is.
pub struct Size {
    /// Its name.
    pub name: &'static str,
    /// How many counties it has.
    pub counties: usize,
    /// How many communities.
    pub communities: usize,
    /// How many rooms.
    pub premises: usize,
    /// How many estates.
    pub estates: usize,
    /// How many facilities.
    pub facilities: usize,
}

impl Size {
    /// A city.
    pub const CITY: Size = Size {
        name: "city",
        counties: 8,
        communities: 300,
        premises: 340,
        estates: 1_100,
        facilities: 6_800,
    };
    /// A province.
    pub const PROVINCE: Size = Size {
        name: "province",
        counties: 120,
        communities: 6_000,
        premises: 6_800,
        estates: 22_000,
        facilities: 136_000,
    };
    /// The nation.
    pub const NATION: Size = Size {
        name: "nation",
        counties: 2_800,
        communities: 110_000,
        premises: 124_000,
        estates: 406_000,
        facilities: 2_500_000,
    };

    fn rows(&self) -> usize {
        self.communities + self.premises + self.estates + self.facilities
    }
}

/// One row in so many is dirty.
const DIRTY: u64 = 100;

/// How many rows are written at once.
const PART: usize = 65_536;

/// Numbers that look random and are the same every time (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn dirty(&mut self) -> bool {
        self.below(DIRTY) == 0
    }
}

/// Writes the files of a place and its project; gives the number of rows.
pub fn generate(size: &Size, folder: &Path) -> usize {
    communities(size, folder);
    premises(size, folder);
    estates(size, folder);
    facilities(size, folder);
    let input =
        |table: &str| format!("[[input]]\nfile = \"{table}.parquet\"\ntable = \"{table}\"\n");
    let tables = ["communities", "premises", "estates", "facilities"].map(input);
    let head = "name = \"bench\"\nplace = \"CN\"\nas_of = 2026-06-30\n";
    std::fs::write(folder.join("project.toml"), format!("{head}{}", tables.concat()))
        .expect("written");
    size.rows()
}

/// The county of a community, as a code.
fn county(size: &Size, community: usize) -> String {
    let county = community % size.counties;
    let (province, rest) = (11 + county % 50, county / 50);
    format!("{province:02}{:02}{:02}", 1 + rest / 20, 1 + rest % 20)
}

/// The lower left corner of a community: one cell of a grid that covers as much as it takes.
fn corner(size: &Size, community: usize) -> Coord {
    let across = (size.communities as f64).sqrt().ceil() as usize;
    let (column, row) = (community % across, community / across);
    Coord { x: 80.0 + column as f64 * 0.02, y: 22.0 + row as f64 * 0.02 }
}

/// A ring of some thirty vertices around a cell: neighbours share their corners.
fn cell(corner: Coord, width: f64) -> Polygon {
    let steps = 8;
    let along = |from: Coord, to: Coord| {
        (0..steps).map(move |step| {
            let share = step as f64 / steps as f64;
            Coord { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
        })
    };
    let corners = [
        corner,
        Coord { x: corner.x + width, y: corner.y },
        Coord { x: corner.x + width, y: corner.y + width },
        Coord { x: corner.x, y: corner.y + width },
    ];
    let sides = (0..4).flat_map(|side| along(corners[side], corners[(side + 1) % 4]));
    Polygon::new(LineString::new(sides.collect()), Vec::new())
}

fn name(community: usize) -> String {
    format!("第{community}社区")
}

struct Writer {
    file: ParquetWriter<BufWriter<File>>,
}

/// Writes a table in parts; `part` makes the rows of one.
fn write(
    folder: &Path,
    table: &str,
    rows: usize,
    mut part: impl FnMut(std::ops::Range<usize>) -> OutLayer,
) {
    let path = folder.join(format!("{table}.parquet"));
    let file = BufWriter::new(File::create(path).expect("a file"));
    let mut writer = Writer { file: ParquetWriter::new(file, &part(0..0)).expect("started") };
    let mut from = 0;
    while from < rows {
        let to = (from + PART).min(rows);
        writer.file.append(&part(from..to)).expect("appended");
        from = to;
    }
    writer.file.finish().expect("finished");
}

fn layer(fields: Vec<(&str, Cells)>, shapes: Option<Vec<Option<Geometry>>>) -> OutLayer {
    let field =
        |(name, cells): (&str, Cells)| OutField { name: name.to_owned(), alias: None, cells };
    OutLayer {
        name: "layer".to_owned(),
        fields: fields.into_iter().map(field).collect(),
        shapes,
        srs: Some(Srs::cgcs2000()),
        ..OutLayer::default()
    }
}

fn texts(all: Vec<String>) -> Cells {
    Cells::Text(all.into_iter().map(Some).collect())
}

fn communities(size: &Size, folder: &Path) {
    let mut seeded = Seeded(1);
    write(folder, "communities", size.communities, |range| {
        let mut fields = (Vec::new(), Vec::new(), Vec::new());
        let mut shapes = Vec::new();
        for community in range {
            let households = 600 + seeded.below(4_000);
            fields.0.push(name(community));
            fields.1.push(county(size, community));
            fields.2.push(match seeded.dirty() {
                true => format!("约{households}"),
                false => households.to_string(),
            });
            shapes.push(Some(cell(corner(size, community), 0.02).into()));
        }
        let columns = vec![
            ("社区名称", texts(fields.0)),
            ("区划代码", texts(fields.1)),
            ("户数", texts(fields.2)),
        ];
        layer(columns, Some(shapes))
    });
}

fn premises(size: &Size, folder: &Path) {
    let mut seeded = Seeded(2);
    let tenures = ["自有", "自有", "租赁", "借用"];
    write(folder, "premises", size.premises, |range| {
        let mut fields = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut shapes = Vec::new();
        for room in range {
            let community = room % size.communities;
            let corner = corner(size, community);
            // A third names its community, the others lie in it.
            let named = room % 3 == 0;
            fields.0.push(format!("{}第{}服务站", name(community), room / size.communities));
            fields.1.push(if named { name(community) } else { String::new() });
            fields.2.push(county(size, community));
            fields.3.push(match seeded.dirty() {
                true => "不详".to_owned(),
                false => (100 + seeded.below(900)).to_string(),
            });
            fields.4.push(tenures[seeded.below(4) as usize].to_owned());
            let (east, north) = (seeded.share(), seeded.share());
            let out = if seeded.dirty() { 3.0 } else { 0.0 };
            shapes.push(Some(
                Point::new(corner.x + 0.02 * east + out, corner.y + 0.02 * north).into(),
            ));
        }
        let columns = vec![
            ("用房名称", texts(fields.0)),
            ("社区", texts(fields.1)),
            ("区划代码", texts(fields.2)),
            ("建筑面积", texts(fields.3)),
            ("权属", texts(fields.4)),
        ];
        layer(columns, Some(shapes))
    });
}

fn estates(size: &Size, folder: &Path) {
    let mut seeded = Seeded(3);
    write(folder, "estates", size.estates, |range| {
        let mut fields = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut shapes = Vec::new();
        for estate in range {
            let community = estate % size.communities;
            let corner = corner(size, community);
            fields.0.push(format!("E{estate}"));
            fields.1.push(format!("{}第{}小区", name(community), estate / size.communities));
            fields.2.push(county(size, community));
            fields.3.push((200 + seeded.below(2_000)).to_string());
            let place = Coord {
                x: corner.x + 0.015 * seeded.share(),
                y: corner.y + 0.015 * seeded.share(),
            };
            shapes.push(Some(cell(place, 0.003).into()));
        }
        let columns = vec![
            ("编号", texts(fields.0)),
            ("小区名称", texts(fields.1)),
            ("区划代码", texts(fields.2)),
            ("规划户数", texts(fields.3)),
        ];
        layer(columns, Some(shapes))
    });
}

fn facilities(size: &Size, folder: &Path) {
    let mut seeded = Seeded(4);
    let classes =
        ["社区用房", "养老服务用房", "幼儿园", "物业服务用房", "社区卫生服务站", "公共厕所"];
    write(folder, "facilities", size.facilities, |range| {
        let mut fields = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for facility in range {
            let estate = facility % size.estates;
            fields.0.push(format!("F{facility}"));
            fields.1.push(if seeded.dirty() { "?".to_owned() } else { format!("E{estate}") });
            fields.2.push(classes[(facility / size.estates) % classes.len()].to_owned());
            let planned = 50 + seeded.below(600);
            fields.3.push(planned.to_string());
            fields.4.push(match seeded.below(4) {
                0 => String::new(),
                1 => "0".to_owned(),
                _ => (planned - planned / 10).to_string(),
            });
        }
        let columns = vec![
            ("编号", texts(fields.0)),
            ("小区", texts(fields.1)),
            ("设施类别", texts(fields.2)),
            ("规划面积", texts(fields.3)),
            ("移交面积", texts(fields.4)),
        ];
        layer(columns, None)
    });
}
