//! What an entity of XML stands for, for all formats that are written in it.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;

/// The five entities of XML and character numbers; any other stays as it is written.
pub fn push_entity(text: &mut String, entity: &BytesRef<'_>) {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        text.push(character);
    } else if let Some(known) = resolve_predefined_entity(entity) {
        text.push_str(known);
    } else {
        text.push('&');
        text.push_str(entity);
        text.push(';');
    }
}
