//! The walk through a KML document from placemark to placemark.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::element::{Damage, Element, name_of, position, reader};
use super::placemark;
use crate::source::features::{About, FeatureTable};
use crate::source::text::Text;
use crate::words::Words;

/// Folders nest no deeper than this.
const DEEPEST: usize = 200;

/// A folder's name is cut here: it is repeated for every placemark in it.
const LONGEST_NAME: usize = 100;

/// After so much damage the rest is given up: each new start may look through the whole file.
const MOST_STARTS: usize = 200;

/// Reads all placemarks into the table; what is damaged becomes notes.
pub(super) fn read(sound: &str, text: &Text<'_>, table: &mut FeatureTable) {
    let mut walk = Walk {
        sound,
        base: 0,
        reader: reader(sound),
        open: Vec::new(),
        path_room: 65_536 + sound.len().saturating_mul(4),
        elsewhere: 0,
    };
    for _ in 0..MOST_STARTS {
        let Err(damage) = walk.run(table) else {
            walk.note_links(table);
            return;
        };
        let at = walk.base + damage.at;
        let next = next_placemark(sound.as_bytes(), at);
        note_damage(text, table, &damage, at, next);
        let Some(next) = next else {
            return;
        };
        walk.base = next;
        walk.reader = reader(&sound[next..]);
    }
    table.note(About::Damage, || {
        Words::new(
            format!("损坏超过 {MOST_STARTS} 处，其余未读取"),
            format!("more than {MOST_STARTS} damaged places; the rest was not read"),
        )
    });
}

/// An element that has begun and not ended; of a folder its name.
struct Open {
    name: String,
    folder: Option<String>,
}

struct Walk<'a> {
    sound: &'a str,
    /// Where the reader was started.
    base: usize,
    reader: Reader<&'a [u8]>,
    open: Vec<Open>,
    /// How much text folder paths may still take: one long name above many placemarks would
    /// otherwise fill the memory.
    path_room: usize,
    /// Links to other files.
    elsewhere: usize,
}

impl Walk<'_> {
    fn run(&mut self, table: &mut FeatureTable) -> Result<(), Damage> {
        loop {
            let at = position(&self.reader);
            let damage = |zh, en| Damage { at, what: (zh, en) };
            let event = self
                .reader
                .read_event()
                .map_err(|_| damage("标记不完整", "the markup is broken"))?;
            match event {
                Event::Start(start) => match name_of(&start).as_str() {
                    "Placemark" => {
                        let element = Element::read(&mut self.reader, &start)
                            .map_err(|damage| Damage { at: damage.at.max(at + 1), ..damage })?;
                        let folder = self.folder_path();
                        placemark::push(&element, &folder, table);
                    }
                    "name" if self.open.last().is_some_and(|open| open.folder.is_some()) => {
                        let name = Element::read(&mut self.reader, &start)?;
                        if let Some(Open { folder: Some(folder), .. }) = self.open.last_mut() {
                            *folder = name.text.trim().chars().take(LONGEST_NAME).collect();
                        }
                    }
                    _ if self.open.len() >= DEEPEST => {
                        return Err(damage("嵌套过深", "elements are nested too deep"));
                    }
                    name => {
                        self.elsewhere += usize::from(name == "NetworkLink");
                        let folder = (name == "Folder").then(String::new);
                        self.open.push(Open { name: name.to_owned(), folder });
                    }
                },
                Event::End(end) => {
                    let name = end.local_name();
                    let same = |open: &Open| open.name == name.as_ref();
                    if let Some(index) = self.open.iter().rposition(same) {
                        self.open.truncate(index);
                    }
                }
                Event::Eof if self.open.is_empty() && self.has_root() => return Ok(()),
                Event::Eof => return Err(damage("文件未结束", "the file ends too early")),
                _ => {}
            }
        }
    }

    fn has_root(&self) -> bool {
        self.sound.contains('<')
    }

    fn folder_path(&mut self) -> String {
        let names: Vec<&str> = self
            .open
            .iter()
            .filter_map(|open| open.folder.as_deref())
            .filter(|name| !name.is_empty())
            .collect();
        let path = names.join("/");
        match self.path_room.checked_sub(path.len()) {
            Some(room) => {
                self.path_room = room;
                path
            }
            None => String::new(),
        }
    }

    fn note_links(&self, table: &mut FeatureTable) {
        if self.elsewhere > 0 {
            let count = self.elsewhere;
            table.note(About::File, || {
                Words::new(
                    format!("有 {count} 处 NetworkLink 指向别的文件，其中的内容未读取"),
                    format!("{count} NetworkLinks point to other files, which were not read"),
                )
            });
        }
    }
}

fn note_damage(
    text: &Text<'_>,
    table: &mut FeatureTable,
    damage: &Damage,
    at: usize,
    next: Option<usize>,
) {
    let (before, (zh, en)) = (table.len(), damage.what);
    table.note(About::Damage, || {
        let place = text.place(at);
        match next.map(|next| text.place(next)) {
            Some(next) => Words::new(
                format!(
                    "第 {before} 个地标之后有损坏：{}处{zh}；从{}起继续读取",
                    place.zh, next.zh
                ),
                format!(
                    "damage after placemark {before}: {en} at {}; reading goes on at {}",
                    place.en, next.en
                ),
            ),
            None => Words::new(
                format!("{}处{zh}，其余无法读取；此前的 {before} 个地标已读取", place.zh),
                format!(
                    "{en} at {}; the rest cannot be read, the {before} placemarks before were",
                    place.en
                ),
            ),
        }
    });
}

/// The next opening tag of a placemark, with or without a prefix.
fn next_placemark(bytes: &[u8], from: usize) -> Option<usize> {
    const NAME: &[u8] = b"Placemark";
    let mut from = from.min(bytes.len());
    loop {
        let found = from + bytes[from..].windows(NAME.len()).position(|window| window == NAME)?;
        let before = &bytes[..found];
        let prefix = before.iter().rev().take(32);
        let prefix =
            prefix.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b':').count();
        let tag = before.len() - prefix;
        let named = prefix == 0 || before.ends_with(b":");
        if named && before[..tag].ends_with(b"<") && tag > from {
            return Some(tag - 1);
        }
        from = found + NAME.len();
    }
}
